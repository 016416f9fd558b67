<?cs # SPDX-License-Identifier: Apache-2.0
  405.  Data: layout/error.cs ?><?cs set:Err = "method" ?><?cs
include:"layout/error.cs" ?>
