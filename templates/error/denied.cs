<?cs # SPDX-License-Identifier: Apache-2.0
  403.  Data: layout/error.cs ?><?cs set:Err = "denied" ?><?cs
include:"layout/error.cs" ?>
