<?cs # SPDX-License-Identifier: Apache-2.0
  503.  Data: layout/error.cs ?><?cs set:Err = "maintenance" ?><?cs
include:"layout/error.cs" ?>
