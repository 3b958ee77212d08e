#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#SBATCH --partition=quantum
#SBATCH --time=00:15:00
#SBATCH --job-name=qsci-demo

# The paper's Figure 9. The partition and the last name are what your site calls them. Where its Slurm plugin
# configures jobs, these three lines can go.
export QDMI_ENDPOINT="${QDMI_ENDPOINT:?}"
export QDMI_AUTH_FILE="${QDMI_AUTH_FILE:?}"
export QDMI_BACKEND_ALIAS="aurora-default"

srun python run_qsci.py --shots 10000
