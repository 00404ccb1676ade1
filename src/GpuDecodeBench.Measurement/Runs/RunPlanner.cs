using System.Globalization;
using GpuDecodeBench.Backends;
using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>
/// Decides how many layers to run and which points to hold in memory together.
/// </summary>
/// <remarks>
/// Comparisons must be interleaved, so all points share memory if they can: with <c>--layers auto</c> the most layers that let
/// them, as long as the smallest point's step still reads four times the last-level cache. Where even that does not fit, points
/// are measured one after the other, each with as many layers as it has room for, and the record says so.
/// </remarks>
public sealed class RunPlanner
{
    /// <summary>A cold step reads at least so many times the last-level cache (design, measurement rule 2).</summary>
    public const int ColdWorkingSetInCaches = 4;

    /// <summary>The share of free memory that an explicit <c>--layers</c> may take.</summary>
    private const double LargestExplicitShare = 0.9;

    private readonly ModelShape _model;
    private readonly ActivationFormat _activations;
    private readonly long? _availableBytes;
    private readonly long _coldBytes;

    /// <summary>A planner for a model on a device.</summary>
    /// <param name="model">The model.</param>
    /// <param name="activations">The device's activation format.</param>
    /// <param name="availableBytes">Memory that could be allocated now; null where not known.</param>
    /// <param name="lastLevelCacheBytes">The device's last-level cache; null where not known.</param>
    public RunPlanner(ModelShape model, ActivationFormat activations, long? availableBytes, long? lastLevelCacheBytes)
    {
        _model = model;
        _activations = activations;
        _availableBytes = availableBytes;
        _coldBytes = ColdWorkingSetInCaches * (lastLevelCacheBytes ?? 0);
    }

    /// <summary>Divides points into groups.</summary>
    /// <param name="points">The points of the run.</param>
    /// <param name="layers">Layers to run; null for as many as memory allows.</param>
    /// <exception cref="Workload.InputException">A point does not fit the model.</exception>
    /// <exception cref="DeviceUnavailableException">A point does not fit the memory.</exception>
    public IReadOnlyList<RunGroup> Plan(IReadOnlyList<PointConditions> points, int? layers)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (layers is int count)
        {
            return PlanExplicit(points, count);
        }

        int all = _model.Layers.Length;
        long allowance = Allowance(MemoryAvailability.LargestShare);
        int together = MostLayers(points, allowance);
        if (together == all || (together >= 1 && IsCold(points, together)))
        {
            return [Group(points, together)];
        }

        return
        [
            .. points.Select(point =>
            {
                int own = MostLayers([point], allowance);
                return own >= 1
                    ? Group([point], own)
                    : throw TooLarge(point, 1, allowance, MemoryAvailability.LargestShare);
            }),
        ];
    }

    private IReadOnlyList<RunGroup> PlanExplicit(IReadOnlyList<PointConditions> points, int layers)
    {
        long allowance = Allowance(LargestExplicitShare);
        RunGroup together = Group(points, layers);
        if (together.MemoryBytes <= allowance)
        {
            return [together];
        }

        return
        [
            .. points.Select(point =>
            {
                RunGroup alone = Group([point], layers);
                return alone.MemoryBytes <= allowance
                    ? alone
                    : throw TooLarge(point, layers, allowance, LargestExplicitShare);
            }),
        ];
    }

    private RunGroup Group(IReadOnlyList<PointConditions> points, int layers) =>
        new(points, [.. points.Select(point => point.Plan(_model, _activations, layers))]);

    private long Allowance(double share) =>
        _availableBytes is long available ? (long)(available * share) : long.MaxValue;

    private bool IsCold(IReadOnlyList<PointConditions> points, int layers) =>
        Group(points, layers).Plans.Min(plan => plan.Totals.CompulsoryReadBytes) >= _coldBytes;

    /// <summary>The most layers that fit; 0 where not even one does.</summary>
    private int MostLayers(IReadOnlyList<PointConditions> points, long allowance)
    {
        int low = 0;
        int high = _model.Layers.Length;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (Group(points, middle).MemoryBytes <= allowance)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    private DeviceUnavailableException TooLarge(PointConditions point, int layers, long allowance, double share)
    {
        double needed = Group([point], layers).MemoryBytes / 1e9;
        string what = layers == 1 ? "One layer" : $"{layers} layers";
        return new DeviceUnavailableException(
            $"{what} of {_model.Name} ({point.Label}) with its embedding and LM head needs {Size(needed * 1e9)}, but only {Size(allowance)} may be used ({share:P0} of the {Size(_availableBytes ?? 0)} that are free)."
        );
    }

    /// <summary>Gigabytes, or megabytes where there are few.</summary>
    private static string Size(double bytes) =>
        bytes < 1e8
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.00} MB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB");
}
