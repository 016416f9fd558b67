<?cs # SPDX-License-Identifier: Apache-2.0
  503.  Data: layout/error.cs ?><?cs set:Err = "busy" ?><?cs
include:"layout/error.cs" ?>
