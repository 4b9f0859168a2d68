# SPDX-License-Identifier: Apache-2.0
"""The page of a run: what stands on it, and how it is written."""
