/** What functions, distributions, domains and dynamics are called in papers and in other languages, and what they are here. */
type Kind = "name" | "function" | "distribution" | "domain" | "dynamics" | "argument";

const names = (list: string, help: string): Readonly<Record<string, string>> => Object.fromEntries(list.split(" ").map((name) => [name, help]));

const calledElsewhere: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  name: {
    ...names("True true TRUE False false FALSE", "a truth value is a comparison; where a number is meant write 1 or 0"),
    ...names("PI Pi π", "the constant is `pi`"),
    ...names("Inf INF infinity Infinity", "infinity is `inf`"),
    ...names("e", "Euler's number is `exp(1)`"),
    ...names("beta", "the temperature belongs to a run: the dynamics' argument `T`; a model's energy doesn't contain it"),
    ...names("k_B kB kb", "the temperature is measured in units of the energy: there is no Boltzmann constant"),
  },
  function: {
    ...names("delta kronecker kron KroneckerDelta kdelta", "equality counts as 1, inequality as 0: `(s[i] == s[j])`"),
    ...names("theta heaviside Heaviside step Theta indicator", "a truth value counts as 0 or 1: `(h[mu] > 0)`; a number of cases is `count(mu) (h[mu] < 0)`"),
    ...names("average avg expectation expect E", "the average is `mean`"),
    ...names("std stdev stddev", "the standard deviation is `sd`"),
    ...names("var Var", "the variance is `variance`"),
    ...names("ln", "the natural logarithm is `log`"),
    ...names("pow power", "a power is `x^2`"),
    ...names("fabs absolute", "an absolute value is `abs`"),
    ...names("sgn signum", "a sign is `sign`"),
    ...names("sigm logistic expit", "the logistic function is `sigmoid`"),
    ...names("normcdf Phi", "the Gaussian distribution function is `gauss_cdf`"),
    ...names("Q H_tail", "the Gaussian tail function is `gauss_tail`"),
    ...names("range", "an index runs over `i in N`, that is 1..N, or `i in a..b`"),
    ...names("len size shape", "a size has a name: the `N` of `s[i in N]`"),
    ...names("fmod remainder", "a remainder is `mod(x, n)`; a lattice wraps by itself when its slot is `periodic`: `s[x in L periodic]`, then `s[x+1]`"),
    ...names("rand randn random normal gaussian gauss", "random numbers are drawn by a declaration: `ensemble z[i in N] ~ Normal(0, var = 1)`"),
    ...names("Sum SUM add Σ", "a sum is `sum(i) …`"),
    ...names("product Prod", "a product is `prod(i) …`"),
    ...names("inner vdot", "a scalar product is `dot(a, b)`"),
    ...names("matmul", "a product of matrices is written out: `sum(j) A[i,j] * x[j]`"),
    ...names("relative_error isclose", "a claim compares by itself: `a ~= b +- t`"),
    ...names("gradient nabla", "the gradient is `grad(H)`"),
    ...names("Hessian hess", "the Hessian is `hessian(H)`"),
    ...names("eig eigvals eigvalsh eigs eigenvals", "the eigenvalues of a symmetric matrix are `eigenvalues(A)`"),
    ...names("crossentropy nll", "the loss of a classifier is `cross_entropy(z[mu,:], y[mu])`"),
  },
  distribution: {
    ...names("Gaussian gaussian gauss Gauss N randn", "a Gaussian is `Normal(0, var = 1)`"),
    ...names("Rademacher rademacher PlusMinus pm1 Spin Ising", "±1 with equal chances is `Sign`"),
    ...names("Binomial Binary Coin Bit", "0 or 1 is `Bernoulli(p)`"),
    ...names("rand uniform random Random", "the uniform distribution is `Uniform(a, b)`"),
    ...names("Discrete RandInt randint DiscreteUniform", "a class of 1…k is `Categorical(k)`"),
    ...names("Permutation Sample", "distinct integers are `Distinct(N)`"),
    ...names("Poisson RandomGraph Gnp GNP ER", "a random graph with mean degree c is `ErdosRenyi(N, degree = c)`"),
    ...names("Regular RRG", "a random regular graph is `RandomRegular(N, degree = 3)`"),
    ...names("Grid Square Cubic", "a periodic lattice is `Lattice(L, dimension = 3)`"),
  },
  domain: {
    ...names("float double number continuous R Real reals", "a real number is `real`"),
    ...names("Ising ising pm1 sign Sign", "−1 or +1 is `spin`"),
    ...names("binary bool boolean Bool", "0 or 1 is `bit`"),
    ...names("int integer categorical color colour", "1…q is `potts(q)`"),
    ...names("phase xy XY circle theta", "an angle is `angle`"),
    ...names("sphere vector unit heisenberg Heisenberg", "unit vectors are reals with a constraint: `state r[i in N, c in 3] : real` and `constraint sum(c) r[i,c]^2 == 1`"),
    ...names("range box Uniform", "an interval is `interval(a, b)`"),
  },
  dynamics: {
    ...names("glauber Glauber gibbs gibbs_sampling heatbath", "single sites that are drawn from their conditional law: `heat_bath(T)`"),
    ...names("monte_carlo montecarlo mc mcmc MCMC metropolis_hastings", "single attempted moves: `metropolis(T)`"),
    ...names("simulated_annealing sa SA annealing", "a temperature that falls during the run: `anneal(T = 2 -> 0.05)`"),
    ...names("gd gradient_descent gradient_flow steepest_descent minimize minimise", "gradient descent is `descent()`"),
    ...names("parallel_tempering replica_exchange pt", "parallel tempering is `tempering(metropolis, T = geometric(0.2, 2, 12))`"),
    ...names("bp message_passing cavity", "belief propagation is `belief_propagation()`"),
    ...names("md molecular_dynamics verlet", "damped Newtonian motion is `underdamped(…)`, Hamiltonian moves `hmc(T)`"),
    ...names("exact exhaustive enumeration brute_force", "exact sums over all states are `enumerate(T)`"),
    ...names("bfgs lbfgs", "minima are found by `descent()`, critical points of any index by `newton()`"),
  },
  argument: {
    ...names("beta inverse_temperature b", "the temperature is `T`, the inverse of beta, with the Gibbs weight exp(−H/T)"),
    ...names("temperature temp t kT tau", "the temperature is `T`"),
    ...names("lr learning_rate eta alpha step_size", "the learning rate is `rate`"),
    ...names("batch_size batchsize minibatch", "the number of examples of a step is `batch`"),
    ...names("timestep delta_t step stepsize", "the time step is `dt`"),
    ...names("sigma std scale", "say `sd = …` or `var = …`"),
  },
};

/** What a name from elsewhere is here, if it is known and `known` has what the help speaks of. */
export const elsewhere = (kind: Kind, name: string): string | undefined => (Object.hasOwn(calledElsewhere[kind], name) ? calledElsewhere[kind][name] : undefined);
