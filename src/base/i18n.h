/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Gettext for the library folders: their messages are shown by both faces, so each lookup names the domain. */
#ifndef GETTEXT_PACKAGE
#error "GETTEXT_PACKAGE comes from the build"
#endif
#include <glib/gi18n-lib.h>
