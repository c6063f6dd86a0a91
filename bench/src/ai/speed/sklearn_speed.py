"""Times scikit-learn on the data that speed.ts has written: argv[1] is its folder. Prints one JSON object of seconds, each the median of the rounds."""

import json
import statistics
import sys
import time

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor, IsolationForest

folder = sys.argv[1]
with open(folder + "/shape.json") as given:
    shape = json.load(given)
rows, inputs, rounds = shape["rows"], shape["inputs"], shape["rounds"]
x = np.fromfile(folder + "/x.f64").reshape(inputs, rows).T.copy()
y = np.fromfile(folder + "/y.f64")
bad = (y > np.median(y)).astype(int)
one = x[:1]


clock = time.process_time if shape["cpu"] else time.perf_counter


def median(work, times=rounds):
    spent = []
    for _ in range(times):
        began = clock()
        result = work()
        spent.append(clock() - began)
    return statistics.median(spent), result


settings = dict(max_iter=100, learning_rate=0.1, max_leaf_nodes=31, min_samples_leaf=20, l2_regularization=0, max_bins=255, early_stopping=False)
out = {"version": sklearn.__version__}
out["regression training"], model = median(lambda: HistGradientBoostingRegressor(**settings).fit(x, y))
out["regression error"] = float(np.sqrt(np.mean((model.predict(x) - y) ** 2)))
out["regression batch"], _ = median(lambda: model.predict(x))
model.predict(one)
out["regression single row"], _ = median(lambda: model.predict(one), 50)
out["classification training"], model = median(lambda: HistGradientBoostingClassifier(**settings).fit(x, bad))
out["classification batch"], _ = median(lambda: model.predict_proba(x))
out["isolation forest training"], forest = median(lambda: IsolationForest(n_estimators=100, max_samples=256, random_state=1).fit(x))
out["isolation forest batch"], _ = median(lambda: forest.score_samples(x))
out["isolation forest single row"], _ = median(lambda: forest.score_samples(one), 20)
out["PCA training"], pca = median(lambda: PCA(5).fit(x))
out["PCA batch"], _ = median(lambda: pca.transform(x))
print(json.dumps(out))
