<?cs # SPDX-License-Identifier: Apache-2.0
  500.  Data: layout/error.cs ?><?cs set:Err = "fault" ?><?cs
include:"layout/error.cs" ?>
