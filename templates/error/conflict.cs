<?cs # SPDX-License-Identifier: Apache-2.0
  409.  Data: layout/error.cs ?><?cs set:Err = "conflict" ?><?cs
include:"layout/error.cs" ?>
