#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Configured by the user, for a quantum computer in a vendor's cloud or one of the site:
#   sbatch script_level.sh
# QDMI_ENDPOINT and QDMI_AUTH_FILE come from your login environment; a tokens file is only for you (chmod 600).
#SBATCH --partition=quantum
#SBATCH --time=00:15:00
#SBATCH --job-name=qdmikit-ghz

export QDMI_ENDPOINT="${QDMI_ENDPOINT:?}"
export QDMI_AUTH_FILE="${QDMI_AUTH_FILE:?}"
export QDMI_BACKEND_ALIAS="${QDMI_BACKEND_ALIAS:-}"
# The server's list of jobs shows which job of Slurm it was.
export IQM_JOB_TAG="slurm-$SLURM_JOB_ID"

srun python run_circuit.py --shots 10000
