// SPDX-License-Identifier: Apache-2.0
#include <dnnl.h>

#if DNNL_VERSION_MAJOR != 2
#error "ConvScope speaks the C API of oneDNN 2 (Debian 12: libdnnl-dev 2.6); version 3 differs"
#endif
