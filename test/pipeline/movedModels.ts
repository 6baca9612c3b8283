/** Models of every form of energy difference, with small sizes for tests. */
export const movedModels: Record<string, [string, Record<string, number>]> = {
  sk: [`model SK(N = 100) { ensemble J[i < j in N] ~ Normal(0, var = 1)
 state s[i in N] : spin
 energy H = -(sum(i < j) J[i,j]*s[i]*s[j]) / sqrt(N) }`, { N: 9 }],
  perceptron: [`model P(N = 101, alpha = 0.6) { let P = round(alpha*N)
 ensemble x[mu in P, i in N] ~ Sign
 state w[i in N] : spin
 let h[mu] = sum(i) x[mu,i]*w[i]/sqrt(N)
 energy E = count(mu) (h[mu] < 0) }`, { N: 11 }],
  pspin3: [`model P3(N = 100) { ensemble J[i < j < k in N] ~ Normal(0, 1)
 state s[i in N] : spin
 energy H = -(sum(i < j < k) J[i,j,k]*s[i]*s[j]*s[k]) / N }`, { N: 8 }],
  pspin4: [`model P4(N = 40) { ensemble J[i < j < k < l in N] ~ Normal(0, 1)
 state s[i in N] : bit
 energy H = -(sum(i < j < k < l) J[i,j,k,l]*s[i]*s[j]*s[k]*s[l]) / N }`, { N: 7 }],
  cubic: [`model R3(N = 40) { ensemble J[i < j < k in N] ~ Normal(0, 1)
 state x[i in N] : real ~ Normal(0, 1)
 energy H = sum(i < j < k) J[i,j,k]*x[i]*x[j]*x[k] + sum(i) x[i]^4 }`, { N: 7 }],
  pspin3dense: [`model P3(N = 100) { ensemble J[i in N, j in N, k in N] ~ Normal(0, 1)
 state s[i in N] : spin
 energy H = -(sum(i, j, k) J[i,j,k]*s[i]*s[j]*s[k]) / N }`, { N: 6 }],
  ising: [`model I(L = 10) { state s[x in L periodic, y in L periodic] : spin
 energy H = -(sum(x, y) s[x,y]*(s[x+1,y] + s[x,y+1])) }`, { L: 4 }],
  ising2: [`model I(L = 10) { state s[x in L periodic, y in L periodic] : spin
 energy H = -(sum(x, y) s[x,y]*(s[x+1,y] + s[x,y+1])) }`, { L: 2 }],
  xy: [`model I(L = 10) { state t[x in L periodic, y in L periodic] : angle
 energy H = -(sum(x, y) (cos(t[x+1,y] - t[x,y]) + cos(t[x,y+1] - t[x,y]))) }`, { L: 4 }],
  potts: [`model I(L = 10) { state t[x in L periodic, y in L periodic] : potts(3)
 energy H = -(sum(x, y) ((t[x+1,y] == t[x,y]) + (t[x,y+1] == t[x,y]))) }`, { L: 3 }],
  hopfield: [`model Hop(N = 100, P = 5) { ensemble xi[mu in P, i in N] ~ Sign
 state s[i in N] : spin
 energy H = -(sum(mu) (sum(i) xi[mu,i]*s[i])^2) / (2*N) }`, { N: 12, P: 3 }],
  partition: [`model NP(N = 20) { ensemble a[i in N] ~ Uniform(0, 1)
 state s[i in N] : spin
 energy H = abs(sum(i) a[i]*s[i]) }`, { N: 7 }],
  rbm: [`model RBM(N = 10, M = 6) { ensemble W[i in N, a in M] ~ Normal(0, 1)
 state v[i in N], h[a in M] : bit
 energy H = -(sum(i, a) W[i,a]*v[i]*h[a]) }`, { N: 5, M: 4 }],
  dilute: [`model D(N = 4) { ensemble J[i < j in N] ~ Normal(0, 1)
 ensemble h[i in N] ~ Normal(0, 1)
 state n[i in N] : bit
 energy H = -(sum(i < j) J[i,j]*n[i]*n[j]) - (sum(i) h[i]*n[i]) }`, { N: 5 }],
  mixed: [`model MX2(N = 3) { ensemble h[i in N] ~ Normal(0, 1)
 state s[i in N] : spin
 state c[i in N] : potts(3)
 energy H = -(sum(i) h[i]*s[i]*(c[i] == 1)) - (sum(i in N - 1) s[i]*(c[i+1] == 2)) - (sum(i) h[i]*s[i]) }`, { N: 3 }],
  phi4: [`model Phi(L = 10) { state f[x in L periodic] : real ~ Normal(0, 1)
 energy H = sum(x) ((f[x]^2 - 1)^2 + (f[x+1] - f[x])^2/2) }`, { L: 5 }],
  chain: [`model C(N = 10) { state s[i in N] : interval(-1, 2)
 energy H = (sum(i in N - 1) exp(s[i]*s[i+1])) + sum(i) s[i]^2 }`, { N: 5 }],
  committee: [`model CM(N = 10, K = 3, P = 7) { ensemble x[mu in P, i in N] ~ Sign
 state w[k in K, i in N] : spin
 energy E = count(mu) ((sum(k) sign((sum(i) x[mu,i]*w[k,i]) + 0.5)) < 0) }`, { N: 5 }],
  edges: [`model E(N = 10, M = 15) { ensemble v[e in M, l in 2] ~ Distinct(N)
 ensemble J[e in M] ~ Normal(0, 1)
 state s[i in N] : spin
 energy H = -sum(e) J[e]*s[v[e,1]]*s[v[e,2]] }`, { N: 7, M: 9 }],
  satK: [`model SK(N = 10, M = 15, K = 3) { ensemble v[a in M, l in K] ~ Distinct(N)
 ensemble c[a in M, l in K] ~ Sign
 state s[i in N] : spin
 energy E = count(a) all(l) (c[a,l]*s[v[a,l]] < 0) }`, { N: 6, M: 14, K: 4 }],
  anyK: [`model AK(N = 10, M = 15, K = 3) { ensemble v[a in M, l in K] ~ Distinct(N)
 ensemble c[a in M, l in K] ~ Sign
 state s[i in N] : spin
 state p[i in N] : potts(3)
 energy E = (count(a) (any(l) (c[a,l]*s[v[a,l]] < 0) and not any(l) (p[v[a,l]] == 2))) + sum(a, l) c[a,l]*s[v[a,l]]*(p[v[a,l]] == 1) }`, { N: 5, M: 9 }],
  repeatedK: [`model RK(N = 10, M = 15, K = 3) { ensemble v[a in M, l in K] ~ Categorical(N)
 ensemble c[a in M, l in K] ~ Sign
 state s[i in N] : spin
 energy E = count(a) all(l) (c[a,l]*s[v[a,l]] < 0) }`, { N: 4, M: 9 }],
  softK: [`model FK(N = 10, M = 15, K = 3) { ensemble v[a in M, l in K] ~ Distinct(N)
 ensemble w[a in M, l in K] ~ Distinct(N)
 ensemble c[a in M, l in K] ~ Normal(0, var = 1)
 state x[i in N] : real ~ Normal(0, var = 1)
 let   u[a] = sum(l) c[a,l]*x[v[a,l]]
 let   t[a] = sum(l) (x[v[a,l]]^2 - x[w[a,l]])
 energy E = (sum(a) u[a]^2*t[a]) + (sum(a) tanh(u[a] + t[a])) + sum(a) max(l) (x[v[a,l]] + u[a]) }`, { N: 6, M: 5 }],
  gathered: [`model G(N = 10, M = 15) { ensemble v[e in M, l in 3] ~ Categorical(N)
 ensemble J[e in M] ~ Normal(0, 1)
 state x[i in N] : angle
 energy H = sum(e) exp(J[e] * cos(x[v[e,1]] - x[v[e,2]])) * (1 + sin(x[v[e,3]])) }`, { N: 4, M: 6 }],
  softsat: [`model S(N = 10, M = 20) { ensemble v[a in M, l in 3] ~ Categorical(N)
 ensemble g[a in M, l in 3] ~ Sign
 state s[i in N] : spin
 energy E = sum(a) (prod(l in 3) ((1 - g[a,l]*s[v[a,l]]) / 2)) }`, { N: 5 }],
  twolayers: [`model T(N = 10, M = 20) { ensemble v[a in M, l in 4] ~ Categorical(N)
 ensemble g[a in M, l in 4] ~ Normal(0, 1)
 state s[i in N] : spin
 energy E = sum(a) (tanh(sum(l in 4) g[a,l]*s[v[a,l]]))^2 }`, { N: 5 }],
  regular: [`model SG(N = 12) { ensemble G ~ RandomRegular(N, degree = 3)
 ensemble J[(i, j) in G] ~ Normal(0, 1)
 state s[i in N] : spin
 energy H = -sum((i, j) in G) J[i,j]*s[i]*s[j] }`, { N: 8 }],
  neighbours: [`model ER(N = 12, c = 2.5) { ensemble G ~ ErdosRenyi(N, degree = c)
 ensemble J[(i, j) in G] ~ Normal(0, 1)
 state s[i in N] : spin
 let h[i] = sum(j in G[i]) J[j,i]*s[j]
 energy H = sum(i) exp(h[i]*s[i]/3) + sum(i) tanh(h[i]) }`, { N: 8, c: 3 }],
  colouring: [`model C(N = 12, c = 4) { ensemble G ~ ErdosRenyi(N, degree = c)
 state s[i in N] : potts(3)
 energy E = count((i, j) in G) (s[i] == s[j]) }`, { N: 6 }],
  lattice3: [`model L(L = 4) { ensemble G ~ Lattice(L, dimension = 3)
 state s[i in L^3] : spin
 energy E = -sum((i, j) in G) s[i]*s[j] }`, { L: 2 }],
  open: [`model O(N = 12) { state s[i in N] : spin
 energy H = -sum(i in N - 1) s[i]*s[i+1] }`, { N: 6 }],
  maxload: [`model MX(N = 10, P = 7) { ensemble x[mu in P, i in N] ~ Normal(0,1)
 state w[i in N] : spin
 energy E = max(mu) (sum(i) x[mu,i]*w[i]) }`, { N: 5 }],
  sat: [`model SAT(N = 10, M = 20) { ensemble v[a in M, l in 3] ~ Distinct(N)
 ensemble g[a in M, l in 3] ~ Sign
 state s[i in N] : spin
 energy E = count(a) (all(l in 3) (g[a,l]*s[v[a,l]] < 0)) }`, { N: 8 }],
  perceptronOfManyPatterns: [`model PM(N = 101, P = 300) { ensemble x[mu in P, i in N] ~ Sign
 state w[i in N] : spin
 energy E = count(mu) (sum(i) x[mu,i]*w[i] < 0) }`, { N: 11, P: 277 }],
  window: [`model W(N = 101, P = 300, kappa = 0.7) { ensemble x[mu in P, i in N] ~ Sign
 state w[i in N] : spin
 let h[mu] = sum(i) x[mu,i]*w[i]/sqrt(N)
 energy E = 0.5 * count(mu) (abs(h[mu]) > kappa and not (h[mu] > 2)) - (sum(i) w[i]) / N }`, { N: 12, P: 140 }],
  teacher: [`model TS(N = 101, P = 300) { ensemble x[mu in P, i in N] ~ Sign
 ensemble t[i in N] ~ Normal(0, 1)
 let y[mu in P] = sign(sum(i) x[mu,i]*t[i])
 state w[i in N] : spin
 energy E = mean(mu) (y[mu] * (sum(i) x[mu,i]*w[i]) <= 0.3 * sqrt(N)) }`, { N: 9, P: 129 }],
  diluted: [`model D(N = 101, P = 300, p = 0.3) { ensemble x[mu in P, i in N] ~ Bernoulli(p)
 ensemble g[mu in P, i in N] ~ Sign
 state b[i in N] : bit
 energy E = (count(mu) (sum(i) g[mu,i]*x[mu,i]*b[i] >= 1))^2 / P }`, { N: 8, P: 64 }],
  parity: [`model PA(N = 10, K = 3, P = 7) { ensemble x[mu in P, k in K, i in N] ~ Sign
 ensemble y[mu in P] ~ Sign
 state w[k in K, i in N] : spin
 energy E = count(mu) (y[mu] * prod(k) sign((sum(i) x[mu,k,i]*w[k,i]) + 0.5) < 0) }`, { N: 5, K: 3, P: 31 }],
  classes: [`model CL(N = 10, C = 3, P = 7) { ensemble x[mu in P, i in N] ~ Sign
 ensemble y[mu in P, c in C] ~ Bernoulli(0.5)
 state w[c in C, i in N] : spin
 energy E = count(mu, c) (((sum(i) x[mu,i]*w[c,i])  > 0) != y[mu,c]) }`, { N: 5, C: 3, P: 33 }],
};
