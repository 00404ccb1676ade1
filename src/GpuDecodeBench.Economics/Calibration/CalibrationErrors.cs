namespace GpuDecodeBench.Economics.Calibration;

/// <summary>
/// How wrong predictions of points were that a calibration had not seen. Errors are fractions of the measured time, without sign.
/// </summary>
public sealed class CalibrationErrors
{
    /// <summary>The share of left-out points whose error is at most <see cref="TypicalFraction"/>.</summary>
    public const double TypicalShare = 0.9;

    /// <summary>The error taken for another model where only one was measured; an estimate of this program's authors.</summary>
    public const double AssumedModelFraction = 0.15;

    /// <summary>The error taken for each octave of context beyond those measured where one was; an estimate of this program's authors.</summary>
    public const double AssumedContextFractionPerOctave = 0.05;

    /// <summary>
    /// The error taken for operations that were given another class's times, of their own time; an estimate of this program's authors.
    /// </summary>
    public const double AssumedStandInFraction = 0.5;

    private readonly HashSet<string> _models;
    private readonly HashSet<(string Model, int Layers)> _depths;
    private readonly int[] _contexts;

    private CalibrationErrors(IReadOnlyList<CalibrationPoint> points, IReadOnlyList<LeftOutPoint> leaveOneOut)
    {
        double[] errors = Sorted(leaveOneOut);
        Count = errors.Length;
        MedianFraction = errors.Length == 0 ? null : (errors[(errors.Length - 1) / 2] + errors[errors.Length / 2]) / 2;
        WorstFraction = errors.Length == 0 ? null : errors[^1];
        TypicalFraction = Typical(errors);
        LayersFraction = Typical([
            .. leaveOneOut.Select(point => point.LayersError).OfType<double>().Select(Math.Abs).Order(),
        ]);
        _depths = [.. points.Select(point => (point.Record.Model.Name, point.Point.LayersMeasured))];
        _models = [.. points.Select(point => point.Record.Model.Name)];
        _contexts = [.. points.Select(point => point.Point.Context).Distinct()];
        OtherModelFraction = Typical(
            Sorted(CrossValidation.LeaveValueOut(points, point => point.Record.Model.Name).SelectMany(group => group))
        );
        OtherContextFractionPerOctave = Typical([
            .. CrossValidation.LeaveValueOut(points, point => point.Point.Context).SelectMany(PerOctave).Order(),
        ]);
        OtherBatch = [.. CrossValidation.LeaveValueOut(points, point => point.Point.Batch).SelectMany(group => group)];
    }

    /// <summary>Points that could be predicted without themselves.</summary>
    public int Count { get; }

    /// <summary>The median error of leave-one-out; null where no point could be predicted.</summary>
    public double? MedianFraction { get; }

    /// <summary>The largest error of leave-one-out; null where no point could be predicted.</summary>
    public double? WorstFraction { get; }

    /// <summary>The error that <see cref="TypicalShare"/> of the left-out points kept to; null where no point could be predicted.</summary>
    public double? TypicalFraction { get; }

    /// <summary>
    /// The same of the time of the layers alone, which another depth has more or fewer of; null where operations were not timed.
    /// </summary>
    public double? LayersFraction { get; }

    /// <summary>The same where all points of a model were left out together; null where one model was measured.</summary>
    public double? OtherModelFraction { get; }

    /// <summary>
    /// The same where all points of a context were left out together, for each doubling between it and the nearest other one; null
    /// where one context was measured.
    /// </summary>
    public double? OtherContextFractionPerOctave { get; }

    /// <summary>Each point predicted by those of all other batches.</summary>
    public IReadOnlyList<LeftOutPoint> OtherBatch { get; }

    internal static CalibrationErrors Of(
        IReadOnlyList<CalibrationPoint> points,
        IReadOnlyList<LeftOutPoint> leaveOneOut
    ) => new(points, leaveOneOut);

    /// <summary>The error estimate of a prediction.</summary>
    /// <param name="step">The predicted step.</param>
    /// <param name="model">Its model's name.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="contextTokens">Its context.</param>
    internal ErrorEstimate Estimate(CalibratedStep step, string model, int layers, int contextTokens)
    {
        // Errors of the LM head and of the layers can make up for each other at one depth and not at another.
        double seen = TypicalFraction ?? AssumedModelFraction;
        bool isOtherDepth = _models.Contains(model) && !_depths.Contains((model, layers));
        double beyond = Math.Log2((double)contextTokens / _contexts.Max());
        double before = Math.Log2((double)_contexts.Min() / contextTokens);
        double octaves = Math.Max(0, Math.Max(beyond, before));
        double standIn = step.Operations.Where(operation => operation.StandIn is not null).Sum(each => each.Seconds);
        return new ErrorEstimate
        {
            LeaveOneOut = isOtherDepth ? Math.Max(seen, LayersFraction ?? AssumedModelFraction) : seen,
            Model = _models.Contains(model) ? 0 : OtherModelFraction ?? AssumedModelFraction,
            Context = octaves * (OtherContextFractionPerOctave ?? AssumedContextFractionPerOctave),
            Band = step.BandFraction,
            StandIn = AssumedStandInFraction * standIn / step.Seconds,
            IsModelAssumed = !_models.Contains(model) && OtherModelFraction is null,
            IsOutside = octaves > 0 || step.Operations.Any(operation => operation.IsOutside),
        };
    }

    private IEnumerable<double> PerOctave(IGrouping<int, LeftOutPoint> context)
    {
        double octaves = _contexts
            .Where(other => other != context.Key)
            .Min(other => Math.Abs(Math.Log2((double)other / context.Key)));
        return Sorted(context).Select(error => error / octaves);
    }

    private static double[] Sorted(IEnumerable<LeftOutPoint> points) =>
        [.. points.Select(point => point.Error).OfType<double>().Select(Math.Abs).Order()];

    private static double? Typical(double[] errors) =>
        errors.Length == 0 ? null : errors[(int)Math.Ceiling(TypicalShare * errors.Length) - 1];
}
