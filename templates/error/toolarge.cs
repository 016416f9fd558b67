<?cs # SPDX-License-Identifier: Apache-2.0
  413.  Data: layout/error.cs ?><?cs set:Err = "toolarge" ?><?cs
include:"layout/error.cs" ?>
