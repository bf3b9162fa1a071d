/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Between these two, what this thread allocates may be leaked: where another library leaks in a way that depends on the
 * moment, too deep for a suppression to know it by name. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#define FOREIGN_LEAKS_BEGIN __lsan_disable ()
#define FOREIGN_LEAKS_END __lsan_enable ()
#else
#define FOREIGN_LEAKS_BEGIN
#define FOREIGN_LEAKS_END
#endif
