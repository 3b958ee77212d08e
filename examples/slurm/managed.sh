#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Where the site's plugin is installed, address and credentials come from the operators:
#   sbatch managed.sh
#SBATCH --partition=quantum
#SBATCH --qdmi-device=aurora
#SBATCH --licenses=qpu_aurora:1
#SBATCH --time=00:15:00
#SBATCH --job-name=qdmikit-ghz

srun python run_circuit.py --shots 10000
