using System.Numerics.Tensors;

namespace MLNetTransfer.Heads;

/// <summary>
/// One logistic regression on its way along the strengths of regularisation: sum(weight x log-loss) + L2 / 2 x |w|^2, biases free, as
/// <see cref="LogisticObjective"/>. Each step goes to the minimum over the space that the gradient, the last steps, the last optima and the
/// biases span (M. Zibulevsky and M. Elad, L1-L2 optimization in signal and image processing, 2010, section on SESOP; G. Narkiss and
/// M. Zibulevsky, Sequential subspace optimization method for large-scale unconstrained optimization, 2005): as the scores of all of them are
/// known, that minimum, found by Newton's method, costs nothing beside the two products with the features that the gradient costs.
/// </summary>
internal sealed class SubspaceFit
{
    private const int Steps = 10;

    /// <summary>So many that the best of the strengths is among them when two weaker ones were worse.</summary>
    private const int Optima = 3;

    /// <summary>Newton steps in one space at most.</summary>
    private const int MostNewtonSteps = 20;

    /// <summary>How far a decrease may be from the one a parabola promises for the parabola to be trusted.</summary>
    private const double Agreement = .1;

    /// <summary>The part of the tolerance that is not worth a Newton step.</summary>
    private const double Negligible = .03;

    /// <summary>The part of its curvature that must be left of a direction beside the others.</summary>
    private const double Dependent = 1e-10;

    /// <summary>
    /// The part of its own curvature that is added to that of every direction. Scores of directions are rounded to some 1e-7 of their size: large steps
    /// along directions that all but cancel one another would change the scores by that rounding alone, at no cost in weights, until scores and
    /// weights belong to different models and the fit ends far from its optimum. Steps in proportion to the decrease they promise are hardly changed.
    /// </summary>
    private const double Damping = 1e-7;

    private readonly LossOfScores _loss;
    private readonly int _outputs;
    private readonly Direction[] _slots;
    private readonly double[] _inner;
    private readonly double[] _scores;
    private readonly double[] _next;
    private readonly double[] _curved;
    private double _value;
    private double _lastDecrease;
    private int _steps;
    private int _optima;

    /// <param name="columns">Features.</param>
    /// <param name="labels">The class of every row.</param>
    /// <param name="classWeights">What a row of each class counts.</param>
    public SubspaceFit(int columns, int[] labels, double[] classWeights)
    {
        _loss = new LossOfScores(labels, classWeights);
        _outputs = _loss.Outputs;
        Weights = new double[_outputs * columns];
        Biases = new double[_outputs];
        (_scores, _next, _curved) = (new double[_loss.Scores], new double[_loss.Scores], new double[_loss.Scores]);
        _slots = [.. Enumerable.Range(0, DirectionsOf(_outputs)).Select(_ => new Direction())];
        for (var k = 0; k < _outputs; k++)
        {
            _slots[k] = new Direction { Scores = new double[_loss.Scores], IsUsed = true };
            _slots[k].Scores.AsSpan(k * _loss.Rows, _loss.Rows).Fill(1);
        }
        _inner = new double[_slots.Length * _slots.Length];
        Gradient.Weights = new double[Weights.Length];
        Gradient.Scores = new double[_scores.Length];
    }

    /// <summary>How many directions a fit may keep.</summary>
    public static int DirectionsOf(int outputs) => outputs + Optima + Steps + 1;

    /// <summary>One row of weights an output, for standardised features.</summary>
    public double[] Weights { get; }

    /// <summary>One bias an output.</summary>
    public double[] Biases { get; }

    /// <summary>The direction that is to be searched next: set its weights and its scores, biases aside, then call <see cref="Step"/>.</summary>
    public Direction Gradient => _slots[^1];

    public bool IsDone { get; private set; }

    /// <summary>The derivatives of the loss by one of the scores of every row.</summary>
    public ReadOnlySpan<double> ResidualsOf(int output) => _loss.Residuals.AsSpan(output * _loss.Rows, _loss.Rows);

    /// <summary>Room for one of the scores that the next direction gives to every row.</summary>
    public Span<double> DirectionScoresOf(int output) => Gradient.Scores.AsSpan(output * _loss.Rows, _loss.Rows);

    /// <summary>Begins a new strength: the minimum over the space of what is known, at no product with the features.</summary>
    public void Begin(double l2, double tolerance)
    {
        if (TensorPrimitives.SumOfSquares<double>(Weights) > 0)
        {
            var slot = _outputs + _optima++ % Optima;
            Ready(slot);
            Weights.CopyTo(_slots[slot].Weights, 0);
            WithoutBiases(_scores, _slots[slot].Scores);
            Take(slot);
        }
        Gradient.IsUsed = false;
        _value = _loss.Of(_scores) + l2 / 2 * TensorPrimitives.SumOfSquares<double>(Weights);
        _loss.Differentiate();
        Minimise(l2, tolerance, isStep: false);
        IsDone = false;
    }

    /// <summary>
    /// Whether the gradient leaves more to be gained than the tolerance's share; done when not. With biases at their optimum no point is lower by
    /// more than |gradient|^2 / (2 L2), as the curvature is L2 or more in every direction of the weights.
    /// </summary>
    public bool IsWorthAStep(double l2, double tolerance)
    {
        IsDone = TensorPrimitives.SumOfSquares<double>(Gradient.Weights) <= 2 * l2 * tolerance * Math.Max(1, Math.Abs(_value));
        return !IsDone;
    }

    /// <summary>Moves to the minimum over the space with the gradient in it; done when that lowers the value by less than the tolerance's share.</summary>
    public void Step(double l2, double tolerance)
    {
        Take(_slots.Length - 1);
        if (Gradient.IsUsed)
            Minimise(l2, tolerance, isStep: true);
        IsDone = !Gradient.IsUsed || _lastDecrease <= tolerance * Math.Max(1, Math.Abs(_value));
    }

    /// <summary>Newton's method on the coefficients of the directions in use.</summary>
    private void Minimise(double l2, double tolerance, bool isStep)
    {
        int[] used = [.. Enumerable.Range(0, _slots.Length).Where(slot => _slots[slot].IsUsed)];
        var m = used.Length;
        var start = _value;
        double[] t = new double[m], gradient = new double[m], step = new double[m], hessian = new double[m * m], cross = new double[m];
        for (var a = _outputs; a < m; a++)
            cross[a] = TensorPrimitives.Dot<double>(_slots[used[a]].Weights, Weights);
        var square = TensorPrimitives.SumOfSquares<double>(Weights);
        for (var iteration = 0; iteration < MostNewtonSteps; iteration++)
        {
            for (var a = 0; a < m; a++)
            {
                gradient[a] = TensorPrimitives.Dot<double>(_slots[used[a]].Scores, _loss.Residuals) + l2 * (cross[a] + Inner(used, a, t));
                _loss.Curve(_slots[used[a]].Scores, _curved);
                for (var b = 0; b <= a; b++)
                    hessian[a * m + b] = TensorPrimitives.Dot<double>(_curved, _slots[used[b]].Scores) + l2 * _inner[used[a] * _slots.Length + used[b]];
            }
            for (var a = 0; a < m; a++)
                hessian[a * m + a] *= 1 + Damping;
            Solve(hessian, gradient, step, m);
            var promised = -TensorPrimitives.Dot<double>(gradient, step) / 2;
            if (!(promised > Negligible * tolerance * Math.Max(1, Math.Abs(_value))))
                break;
            var (length, value) = (1d, 0d);
            var moved = new double[m];
            while (true)
            {
                TensorPrimitives.MultiplyAdd(step, length, t, moved);
                _scores.CopyTo(_next, 0);
                for (var a = 0; a < m; a++)
                    TensorPrimitives.MultiplyAdd(_slots[used[a]].Scores, moved[a] - t[a], _next, _next);
                var penalty = square;
                for (var a = 0; a < m; a++)
                    penalty += moved[a] * (2 * cross[a] + Inner(used, a, moved));
                value = _loss.Of(_next) + l2 / 2 * penalty;
                if (value < _value || length < 1e-6)
                    break;
                length /= 2;
            }
            if (!(value < _value))
            {
                _loss.Of(_scores);
                _loss.Differentiate();
                break;
            }
            var decrease = _value - value;
            _next.CopyTo(_scores, 0);
            (t, _value) = (moved, value);
            _loss.Differentiate();
            if (length == 1 && Math.Abs(decrease / promised - 1) < Agreement)
                break;
        }
        Move(used, t, isStep);
        _lastDecrease = start - _value;
    }

    /// <summary>Takes over the coefficients, and keeps the step for the spaces to come.</summary>
    private void Move(int[] used, double[] t, bool isStep)
    {
        var slot = _outputs + Optima + _steps % Steps;
        // The step itself is put together in the slot of the gradient, which is written anew anyway.
        var (weights, scores) = (Gradient.Weights, Gradient.Scores);
        var last = used.Length - 1;
        var ofGradient = isStep ? t[last] : 0;
        TensorPrimitives.Multiply(weights, ofGradient, weights);
        TensorPrimitives.Multiply(scores, ofGradient, scores);
        for (var a = _outputs; a < (isStep ? last : used.Length); a++)
        {
            TensorPrimitives.MultiplyAdd(_slots[used[a]].Weights, t[a], weights, weights);
            TensorPrimitives.MultiplyAdd(_slots[used[a]].Scores, t[a], scores, scores);
        }
        TensorPrimitives.Add(Weights, weights, Weights);
        for (var k = 0; k < _outputs; k++)
            Biases[k] += t[k];
        if (!isStep)
            return;
        _steps++;
        Ready(slot);
        (_slots[slot].Weights, Gradient.Weights) = (weights, _slots[slot].Weights);
        (_slots[slot].Scores, Gradient.Scores) = (scores, _slots[slot].Scores);
        Take(slot);
    }

    private void Ready(int slot)
    {
        if (_slots[slot].Weights.Length > 0)
            return;
        _slots[slot].Weights = new double[Weights.Length];
        _slots[slot].Scores = new double[_scores.Length];
    }

    /// <summary>Scales a direction to a unit length and notes its inner products.</summary>
    private void Take(int slot)
    {
        var direction = _slots[slot];
        var length = TensorPrimitives.Norm<double>(direction.Weights);
        direction.IsUsed = length > 0 && double.IsFinite(length);
        if (!direction.IsUsed)
            return;
        TensorPrimitives.Multiply(direction.Weights, 1 / length, direction.Weights);
        TensorPrimitives.Multiply(direction.Scores, 1 / length, direction.Scores);
        for (var other = _outputs; other < _slots.Length; other++)
            if (_slots[other].IsUsed)
                _inner[slot * _slots.Length + other] = _inner[other * _slots.Length + slot] =
                    TensorPrimitives.Dot<double>(direction.Weights, _slots[other].Weights);
    }

    private double Inner(int[] used, int a, double[] t)
    {
        var sum = 0d;
        for (var b = _outputs; b < used.Length; b++)
            sum += _inner[used[a] * _slots.Length + used[b]] * t[b];
        return sum;
    }

    private void WithoutBiases(double[] scores, double[] result)
    {
        for (var k = 0; k < _outputs; k++)
            TensorPrimitives.Subtract(scores.AsSpan(k * _loss.Rows, _loss.Rows), Biases[k], result.AsSpan(k * _loss.Rows, _loss.Rows));
    }

    /// <summary>The Newton step by Cholesky's decomposition, in place. A direction that depends on those before it stays out of it.</summary>
    private static void Solve(double[] hessian, double[] gradient, double[] step, int order)
    {
        for (var j = 0; j < order; j++)
        {
            var pivot = hessian[j * order + j];
            var enough = Dependent * pivot;
            for (var k = 0; k < j; k++)
                pivot -= hessian[j * order + k] * hessian[j * order + k];
            var root = hessian[j * order + j] = pivot > enough ? Math.Sqrt(pivot) : double.PositiveInfinity;
            for (var i = j + 1; i < order; i++)
            {
                var sum = hessian[i * order + j];
                for (var k = 0; k < j; k++)
                    sum -= hessian[i * order + k] * hessian[j * order + k];
                hessian[i * order + j] = sum / root;
            }
        }
        for (var i = 0; i < order; i++)
        {
            var sum = -gradient[i];
            for (var k = 0; k < i; k++)
                sum -= hessian[i * order + k] * step[k];
            step[i] = sum / hessian[i * order + i];
        }
        for (var i = order - 1; i >= 0; i--)
        {
            var sum = step[i];
            for (var k = i + 1; k < order; k++)
                sum -= hessian[k * order + i] * step[k];
            step[i] = sum / hessian[i * order + i];
        }
    }

    /// <summary>Weights and the scores they give to the rows, biases aside.</summary>
    public sealed class Direction
    {
        public double[] Weights { get; set; } = [];

        public double[] Scores { get; set; } = [];

        public bool IsUsed { get; set; }
    }
}
