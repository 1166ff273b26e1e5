"""Makes the models of the tests: `make_models.py KIND FOLDER`, and prints what they say in Python itself."""

import json
import os
import sys

kind, folder = sys.argv[1:]
os.makedirs(folder, exist_ok=True)

if kind == "forest":
    import joblib
    from sklearn.datasets import load_iris
    from sklearn.ensemble import RandomForestClassifier

    iris = load_iris()
    model = RandomForestClassifier(20, random_state=0).fit(iris.data, iris.target_names[iris.target])
    joblib.dump(model, folder + "/model.joblib")
    print(json.dumps({"rows": iris.data.tolist(), "labels": model.predict(iris.data).tolist(), "chances": model.predict_proba(iris.data).tolist()}))
elif kind == "line":
    import pickle

    from sklearn.linear_model import LinearRegression

    rows = [[float(i), float(i * i)] for i in range(10)]
    model = LinearRegression().fit(rows, [3 * a - b for a, b in rows])
    with open(folder + "/model.pkl", "wb") as file:
        pickle.dump(model, file)
elif kind == "script":
    import torch

    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 3))
    row = torch.arange(8, dtype=torch.float32).reshape(2, 4)
    torch.jit.script(model).save(folder + "/model.pt")
    torch.save(model.state_dict(), folder + "/weights.pt")
    print(json.dumps(model(row).tolist()))
elif kind == "module":
    import torch

    torch.manual_seed(0)
    torch.save(torch.nn.Linear(4, 1), folder + "/model.pt")
