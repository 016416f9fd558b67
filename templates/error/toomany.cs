<?cs # SPDX-License-Identifier: Apache-2.0
  429.  Data: layout/error.cs ?><?cs set:Err = "toomany" ?><?cs
include:"layout/error.cs" ?>
