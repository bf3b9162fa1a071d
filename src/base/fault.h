/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A durable step by name ("authority:after-commit").  When the environment variable SIGNET_FAULT is that name, the
 * process kills itself right here, as a crash or a power cut would: tests then start it again and look at what is left.
 * Without the build option fault_points (off in release builds by default) this does nothing. */
void signet_fault_point (const char *name);

G_END_DECLS
