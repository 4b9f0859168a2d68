// SPDX-License-Identifier: Apache-2.0
#include <pthreadpool.h>
#include <xnnpack.h>
