"""boosting.py FILE ROWS COLUMNS: scikit-learn's histogram gradient boosting on one thread.

FILE holds the rows as doubles, the target last. Answers each line with the CPU microseconds and the score of one training.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"

import sys
import time

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.model_selection import train_test_split

rows, columns = int(sys.argv[2]), int(sys.argv[3])
table = np.fromfile(sys.argv[1]).reshape(rows, columns + 1)
train, test = train_test_split(table, test_size=0.2, random_state=0)

for line in sys.stdin:
    started = time.process_time()
    model = HistGradientBoostingRegressor(random_state=0).fit(train[:, :-1], train[:, -1])
    spent = time.process_time() - started
    print(spent * 1e6, model.score(test[:, :-1], test[:, -1]), flush=True)
