/* SPDX-License-Identifier: Apache-2.0 */
/* Polish of the panel; every page works without it. */
"use strict";
