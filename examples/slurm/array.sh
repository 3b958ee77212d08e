#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One size of the GHZ state per element, one at a time, because they share one licence:
#   sbatch array.sh
#SBATCH --partition=quantum
#SBATCH --qdmi-device=aurora
#SBATCH --licenses=qpu_aurora:1
#SBATCH --array=2-8%1
#SBATCH --time=00:15:00
#SBATCH --job-name=qdmikit-ghz-sizes

srun python run_circuit.py --qubits "$SLURM_ARRAY_TASK_ID" --shots 10000
