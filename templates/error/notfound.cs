<?cs # SPDX-License-Identifier: Apache-2.0
  404.  Data: layout/error.cs ?><?cs set:Err = "notfound" ?><?cs
include:"layout/error.cs" ?>
