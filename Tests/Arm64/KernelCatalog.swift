// SPDX-License-Identifier: Apache-2.0

/// The catalog without its list of variants, whose elements Embedded Swift cannot hold.
public enum KernelCatalog {}
