"""The numbers that the tests of the alignment methods expect, by numpy and scipy alone: python3 expected.py"""
import numpy as np
from scipy import linalg

i, j = np.mgrid[0:24, 0:5]
S = np.float32(np.sin(1.7 * i + 2.3 * j + .31 * i * j) + .9 * (j == i % 3)).astype(float)
y = np.arange(24) % 3
i, j = np.mgrid[0:20, 0:5]
T = np.float32(1.2 * np.cos(1.1 * i + .7 * j + .23 * i * j) + .4 * j + .9 * (j == i % 3)).astype(float)
ns, nt, X = 24, 20, np.vstack([S, T])
Sc, Tc, Xc = S - S.mean(0), T - T.mean(0), X - X.mean(0)


def show(name, s, t):
    d = ((s[:3, None] - t[None, :3]) ** 2).sum(2)
    print(f"{name}: [{', '.join(f'{v:.9g}' for v in d.ravel())}]")


def axes(C, k):
    return np.linalg.svd(C, full_matrices=False)[2][:k].T


def components(F, E, mu, k):
    Fc = F - F.mean(0)
    B = F.T @ E @ E.T @ F + mu * np.eye(F.shape[1])
    return linalg.eigh(Fc.T @ Fc, B)[1][:, ::-1][:, :k]


def joint(marginal, conditional, k=3, mu=1, iterations=4):
    e = np.r_[np.ones(ns) / ns, -np.ones(nt) / nt]
    pseudo = None
    for _ in range(iterations):
        M = (marginal if pseudo is not None else 1) * np.outer(e, e)
        if pseudo is not None:
            for c in range(3):
                if (pseudo == c).any():
                    ec = np.r_[(y == c) / (y == c).sum(), -1. * (pseudo == c) / (pseudo == c).sum()]
                    M = M + conditional * np.outer(ec, ec)
        M = M / np.linalg.norm(M)
        A = linalg.eigh(Xc.T @ Xc, X.T @ M @ X + mu * np.eye(5))[1][:, ::-1][:, :k]
        s, t = S @ A, T @ A
        pseudo = y[((t[:, None] - s[None]) ** 2).sum(2).argmin(1)]
    return s, t


# CORAL, by matrix functions.
Cs, Ct = np.cov(S.T) + np.eye(5), np.cov(T.T) + np.eye(5)
show("coral", Sc @ linalg.inv(linalg.sqrtm(Cs)) @ linalg.sqrtm(Ct) + T.mean(0), T)

# Subspace alignment.
P, Q = axes(Sc, 3), axes(Tc, 3)
show("subspace-alignment", Sc @ P @ P.T @ Q, Tc @ Q)

# The geodesic flow kernel by integrating along the geodesic, which is followed by the exponential map of the Grassmann manifold.
P, Q = axes(Sc, 2), axes(Tc, 2)
H = (np.eye(5) - P @ P.T) @ Q @ np.linalg.inv(P.T @ Q)
U, s, Vt = np.linalg.svd(H, full_matrices=False)
theta = np.arctan(s)
nodes, weights = np.polynomial.legendre.leggauss(60)
G = np.zeros((5, 5))
for t, w in zip((nodes + 1) / 2, weights / 2):
    Phi = P @ Vt.T @ np.diag(np.cos(t * theta)) + U @ np.diag(np.sin(t * theta))
    G += w * Phi @ Phi.T
F = linalg.sqrtm(G).real
show("gfk", Sc @ F, Tc @ F)

# Transfer components, by the kernel matrix.
K = X @ X.T
e = np.r_[np.ones(ns) / ns, -np.ones(nt) / nt][:, None]
A = components(K, e, 1, 3)
show("tca", (K @ A)[:ns], (K @ A)[ns:])
show("jda", *joint(3, 1))
show("bda", *joint(.2, .8))

# The Gaussian Monge map.
r = linalg.sqrtm(Cs)
A = linalg.inv(r) @ linalg.sqrtm(r @ Ct @ r) @ linalg.inv(r)
show("linear-transport", Sc @ A + T.mean(0), T)


# Sinkhorn with logarithms, and the group term.
def plan(C, reg):
    f, g = np.zeros(ns), np.zeros(nt)
    lse = lambda Z, a: np.log(np.exp(Z - Z.max(a, keepdims=True)).sum(a)) + Z.max(a)
    for _ in range(5000):
        g = -reg * (lse((f[:, None] - C) / reg, 0) + np.log(nt))
        f = -reg * (lse((g[None] - C) / reg, 1) + np.log(ns))
    return np.exp((f[:, None] + g[None] - C) / reg)


C = ((S[:, None] - T[None]) ** 2).sum(2)
C = C / np.sort(C.ravel())[(C.size - 1) // 2]
G = plan(C, .3)
show("sinkhorn", ns * G @ T, T)
for _ in range(3):
    W = np.zeros_like(C)
    for c in range(3):
        W[y == c] = .5 / np.sqrt(G[y == c].sum(0) + 1e-3)
    G = plan(C + .5 * W, .3)
show("sinkhorn, groups", ns * G @ T, T)

# KLIEP: the convex problem by a general solver.
from scipy.optimize import minimize
d2 = lambda A, B: ((A[:, None] - B[None]) ** 2).sum(2)
Ks, Kt = np.exp(-d2(S, T[:6]) / 2), np.exp(-d2(T, T[:6]) / 2)
r = minimize(lambda a: -np.log(Kt @ a).mean(), np.full(6, 1 / Ks.mean(0).sum()), method="SLSQP", bounds=[(0, None)] * 6,
             constraints={"type": "eq", "fun": lambda a: Ks.mean(0) @ a - 1}, options={"ftol": 1e-14, "maxiter": 1000})
print("kliep:", -r.fun, list(np.round(Ks @ r.x, 6)[:4]))
# KMM's problem by the same, its sum bound from below.
K, k = np.exp(-d2(S, S) / 2), np.exp(-d2(S, T) / 2).sum(1) * ns / nt
r = minimize(lambda b: b @ K @ b / 2 - k @ b, np.ones(ns), jac=lambda b: K @ b - k, method="SLSQP", bounds=[(0, 1.5)] * ns,
             constraints={"type": "ineq", "fun": lambda b: b.sum() - 10}, options={"ftol": 1e-15, "maxiter": 5000})
print("kmm:", r.fun, r.x.sum())

# AdaBN.
show("adabn", Sc / S.std(0), Tc / T.std(0))

# The losses of the deep methods, as if the waves were what the hidden layer makes of the images, and their first three columns the scores.
print("deep-coral:", ((np.cov(S.T) - np.cov(T.T)) ** 2).sum() / (4 * 5 ** 2))
D = np.array([[(a - b) @ (a - b) for b in X] for a in X])
width = D[~np.eye(44, dtype=bool)].mean()
K = np.mean([np.exp(-D / (2. ** k * width)) for k in range(-2, 3)], 0)
print("dan:", K[:ns, :ns].mean() + K[ns:, ns:].mean() - 2 * K[:ns, ns:].mean())


def softmax(Z):
    E = np.exp(Z - Z.max(1, keepdims=True))
    return E / E.sum(1, keepdims=True)


def sureness(P):
    return 1 + np.exp((P * np.log(P)).sum(1))


sigmoid = lambda z: 1 / (1 + np.exp(-z))
d = X[:, 3]
w = sureness(softmax(X[:, :3]))
print("dann:", -np.log(1 - sigmoid(d[:ns])).mean() - np.log(sigmoid(d[ns:])).mean())
print("cdan:", -(w[:ns] * np.log(1 - sigmoid(d[:ns]))).mean() - (w[ns:] * np.log(sigmoid(d[ns:]))).mean(), [w[0], w[43]],
      np.outer(softmax(X[:, :3])[30], X[30]).ravel()[[0, 7, 14]])
for temperature in (2.5, 1):
    P = softmax(T[:, :3] / temperature)
    W = sureness(P)
    C = P.T @ np.diag(nt * W / W.sum()) @ P
    C = C / C.sum(1, keepdims=True)
    print("mcc:", (C.sum() - np.trace(C)) / 3)
