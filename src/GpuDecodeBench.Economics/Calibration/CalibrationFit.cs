using System.Collections.Immutable;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Calibration;

/// <summary>
/// Finds the times of operation classes by least squares over relative errors: every step's, and every operation's over the step's
/// time, or over its own where it streams nothing: those are so short that the step says nothing of them. Nothing may be below zero
/// but the gap between operations.
/// </summary>
internal sealed class CalibrationFit
{
    /// <summary>The factor by which a quantity's share of the streamed bytes must vary to be told from them.</summary>
    private const double LeastVariation = 1.5;

    private readonly IReadOnlyList<CalibrationPoint> _points;
    private readonly Dictionary<OperationClass, double[]> _knots;
    private readonly Dictionary<OperationClass, int> _first = [];
    private readonly Dictionary<OperationClass, (bool Count, bool OtherBytes)> _telling;
    private readonly int _gap;
    private readonly int _unknowns;

    private CalibrationFit(IReadOnlyList<CalibrationPoint> points)
    {
        _points = points;
        _knots = points
            .SelectMany(point => point.Operations)
            .GroupBy(operation => operation.Class)
            .ToDictionary(
                group => group.Key,
                group =>
                    group.Key.Streams
                        ? RateCurve.Merged(
                            group
                                .Where(operation => operation.StreamedBytes > 0)
                                .Select(operation => operation.Intensity)
                        )
                        : []
            );
        _telling = points
            .SelectMany(point => point.Operations)
            .GroupBy(operation => operation.Class)
            .ToDictionary(
                group => group.Key,
                group => (Varies(group, operation => operation.Count), Varies(group, operation => operation.OtherBytes))
            );
        int next = 0;
        foreach ((OperationClass kind, double[] knots) in _knots)
        {
            _first[kind] = next;
            next += 2 + knots.Length;
        }

        // The gap between operations can be of either sign, so it is the difference of two unknowns.
        _gap = next;
        _unknowns = next + 2;
    }

    /// <summary>The times of all classes that some points have, and the gap between operations in seconds.</summary>
    public static (IReadOnlyList<ClassTimes> Classes, double GapSeconds) Of(IReadOnlyList<CalibrationPoint> points) =>
        new CalibrationFit(points).Solve();

    private (IReadOnlyList<ClassTimes> Classes, double GapSeconds) Solve()
    {
        List<double[]> rows = [.. OperationRows().SelectMany(NonNegativeLeastSquares.Triangle)];
        rows.AddRange(_points.Select(StepRow));
        double[] x = NonNegativeLeastSquares.Solve(
            [.. rows.Select(row => row[..^1])],
            [.. rows.Select(row => row[^1])],
            _unknowns
        );
        double? read = Ceilings.Middle(_points.Select(point => point.Point.ReadCeilingBytesPerSecond));
        double? flops = Ceilings.Middle(_points.Select(point => point.Record.Ceilings.FlopsPerSecond.Value));
        return ([.. _knots.Keys.Select(kind => Times(kind, x, read, flops))], x[_gap] - x[_gap + 1]);
    }

    /// <summary>The rows of operations, class by class: they share no unknowns, so each class's rows are made few on their own.</summary>
    private IEnumerable<IReadOnlyList<double[]>> OperationRows() =>
        _points
            .Where(point => point.HasOperationTimes)
            .SelectMany(point => point.Operations.Select(operation => (point, operation)))
            .GroupBy(pair => pair.operation.Class)
            .Select(group =>
                (IReadOnlyList<double[]>)
                    [
                        .. group.Select(pair =>
                        {
                            double seconds = pair.operation.MeasuredSeconds!.Value;
                            double weight = 1 / (pair.operation.Class.Streams ? pair.point.StepSeconds : seconds);
                            double[] row = new double[_unknowns + 1];
                            Add(row, pair.operation, weight);
                            row[^1] = seconds * weight;
                            return row;
                        }),
                    ]
            );

    private double[] StepRow(CalibrationPoint point)
    {
        double[] row = new double[_unknowns + 1];
        double weight = 1 / point.StepSeconds;
        foreach (CalibrationOperation operation in point.Operations)
        {
            Add(row, operation, weight);
            row[_gap] += operation.Count * weight;
            row[_gap + 1] -= operation.Count * weight;
        }

        row[^1] = 1;
        return row;
    }

    private void Add(double[] row, CalibrationOperation operation, double weight)
    {
        int first = _first[operation.Class];
        (bool count, bool otherBytes) = _telling[operation.Class];
        row[first] += count ? operation.Count * weight : 0;
        row[first + 1] += otherBytes ? operation.OtherBytes * weight : 0;
        if (operation.Class.Streams && operation.StreamedBytes > 0)
        {
            int knot = RateCurve.Nearest(_knots[operation.Class], operation.Intensity);
            row[first + 2 + knot] += operation.StreamedBytes * weight;
        }
    }

    /// <summary>
    /// Whether a quantity can be told from streamed bytes: it is not nearly the same share of them in all operations, as the other bytes
    /// of attention are where one context was measured. What cannot be told is put down to the streamed bytes, with which it grows;
    /// kinds that stream nothing have nothing to be told from.
    /// </summary>
    private static bool Varies(
        IEnumerable<CalibrationOperation> operations,
        Func<CalibrationOperation, double> quantity
    )
    {
        double[] shares =
        [
            .. operations.Where(each => each.StreamedBytes > 0).Select(each => quantity(each) / each.StreamedBytes),
        ];
        return shares.Length == 0 || shares.Max() > LeastVariation * shares.Min();
    }

    private ClassTimes Times(OperationClass kind, double[] x, double? read, double? flops)
    {
        int first = _first[kind];
        (CalibrationPoint Point, CalibrationOperation Operation)[] measured =
        [
            .. _points.SelectMany(point =>
                point.Operations.Where(operation => operation.Class == kind).Select(operation => (point, operation))
            ),
        ];
        RateCurve? curve = null;
        if (_knots[kind].Length > 0)
        {
            ILookup<int, CalibrationPoint> behind = measured.ToLookup(
                pair => RateCurve.Nearest(_knots[kind], pair.Operation.Intensity),
                pair => pair.Point
            );
            curve = new RateCurve(
                [
                    .. _knots[kind]
                        .Select(
                            (intensity, i) =>
                                new RateKnot(
                                    intensity,
                                    x[first + 2 + i],
                                    behind[i].Min(point => point.Point.Batch),
                                    behind[i].Max(point => point.Point.Batch),
                                    behind[i].Distinct().Count()
                                )
                        ),
                ],
                read,
                flops
            );
        }

        return new ClassTimes(kind, x[first], x[first + 1], curve, measured.Length);
    }
}
