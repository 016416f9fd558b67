<?cs # SPDX-License-Identifier: Apache-2.0
  400.  Data: layout/error.cs ?><?cs set:Err = "badrequest" ?><?cs
include:"layout/error.cs" ?>
