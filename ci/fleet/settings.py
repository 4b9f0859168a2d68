# SPDX-License-Identifier: Apache-2.0
"""ReFrame's view of the fleet in $CONVSCOPE_FLEET: a partition for each kind of node."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import fleet

FLEET = fleet.read(os.environ["CONVSCOPE_FLEET"])

site_configuration = {
    "systems": [
        {
            "name": "fleet",
            "hostnames": [".*"],
            "prefix": str(FLEET.folder / "reframe"),
            "partitions": [
                {
                    "name": kind.name,
                    "scheduler": FLEET.scheduler,
                    "launcher": "srun",
                    "access": kind.access,
                    "environs": ["builtin"],
                    "time_limit": FLEET.time_limit,
                    # Whoever waits is waiting for a node: Slurm decides when there is one.
                    "max_jobs": 100,
                    # A job whose node went down is put back into the queue; ReFrame would cancel it
                    # while it waits there for the node.
                    "sched_options": {"slurm_job_cancel_reasons": []},
                }
                for kind in FLEET.kinds.values()
            ],
        }
    ],
    "general": [
        {
            "report_file": str(FLEET.folder / "reframe/reports/{sessionid}.json"),
            # A hundred numbers a test are in the performance logs, and on the console with -v.
            "perf_info_level": "verbose",
        }
    ],
    "logging": [
        {
            "handlers": [
                {"type": "stream", "name": "stdout", "level": "info", "format": "%(message)s"},
                {
                    "type": "file",
                    "name": str(FLEET.folder / "reframe/reframe.log"),
                    "level": "debug",
                    "format": "[%(asctime)s] %(levelname)s: %(check_info)s: %(message)s",
                },
            ],
            "handlers_perflog": [
                {
                    "type": "filelog",
                    "basedir": str(FLEET.folder / "reframe/perflogs"),
                    "prefix": "%(check_system)s/%(check_partition)s",
                    "level": "info",
                    "format": "%(check_result)s|%(check_display_name)s|%(check_jobid)s|"
                    "%(check_perfvalues)s",
                    "format_perfvars": "%(check_perf_var)s=%(check_perf_value)s "
                    "%(check_perf_unit)s|%(check_perf_ref)s|%(check_perf_lower_thres)s|"
                    "%(check_perf_upper_thres)s|",
                }
            ],
        }
    ],
}
