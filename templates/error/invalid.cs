<?cs # SPDX-License-Identifier: Apache-2.0
  422.  Data: layout/error.cs ?><?cs set:Err = "invalid" ?><?cs
include:"layout/error.cs" ?>
