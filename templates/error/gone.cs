<?cs # SPDX-License-Identifier: Apache-2.0
  410.  Data: layout/error.cs ?><?cs set:Err = "gone" ?><?cs
include:"layout/error.cs" ?>
