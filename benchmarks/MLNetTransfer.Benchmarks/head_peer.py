"""scikit-learn's LogisticRegression on the matrix of the benchmark 'head'; prints one line of JSON. Arguments: the folder, L2."""
import json
import re
import sys
import time

try:
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler
    import sklearn
except ImportError as error:
    print(json.dumps({"skipped": str(error)}))
    sys.exit(0)

folder, l2 = sys.argv[1], float(sys.argv[2])
x, y = np.load(folder + "/train.npy"), np.load(folder + "/train-labels.npy")
started = time.perf_counter()
# In place and in 32 bits, so that nothing is copied here either.
scaler = StandardScaler(copy=False)
x = scaler.fit_transform(x)
model = LogisticRegression(C=1 / l2, solver="lbfgs", max_iter=1000)
model.fit(x, y)
seconds = time.perf_counter() - started
# Not ru_maxrss, which begins at the peak of the process that started this one.
peak = int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read()).group(1)) / 1024

weights, loss = model.coef_[0].astype(np.float64), 0.0
for start in range(0, len(x), 5000):
    scores = x[start:start + 5000].astype(np.float64) @ weights + model.intercept_[0]
    loss += np.logaddexp(0, np.where(y[start:start + 5000] == 1, -scores, scores)).sum()
loss += l2 / 2 * weights @ weights
test = scaler.transform(np.load(folder + "/test.npy"))
accuracy = float((model.predict(test) == np.load(folder + "/test-labels.npy")).mean())
print(json.dumps({"seconds": seconds, "loss": loss, "accuracy": accuracy, "peak": peak, "name": "scikit-learn " + sklearn.__version__,
                  "iterations": int(model.n_iter_[0])}))
