#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#SBATCH --partition=quantum
#SBATCH --time=00:15:00
#SBATCH --job-name=qsci-demo

# The paper's Figure 9. Where a site's Slurm plugin sets these, the three lines can go.
export QDMI_ENDPOINT="${QDMI_ENDPOINT:?}"
export QDMI_AUTH_FILE="${QDMI_AUTH_FILE:?}"
export QDMI_BACKEND_ALIAS="${QDMI_BACKEND_ALIAS:-aurora-default}"

srun python run_qsci.py --shots 10000
