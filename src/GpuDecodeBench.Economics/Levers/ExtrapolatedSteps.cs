using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>
/// The time of a step at any batch, from the steps of one measured family (<see cref="MeasuredFamilies"/>). Each measured step is first
/// carried over to the formats, the model and the device that are asked for, at the same share of the limit: its time by the ratio of the
/// two rooflines. Between two measured batches the time is on the way from one to the other, by sequences or by the roofline, whichever
/// is longer; beyond the largest and below the smallest it is that one's by the ratio of the rooflines. No step is shorter than one of
/// fewer sequences. The link between devices is left out unless the family was measured with it.
/// </summary>
internal sealed class ExtrapolatedSteps
{
    private readonly StepTarget _target;
    private readonly PlanCache _plans;
    private readonly string _limit;
    private readonly Knot[] _knots;

    /// <summary>The steps that a family says something of.</summary>
    /// <param name="target">What is asked for; its batch does not count.</param>
    /// <param name="family">Measured steps by rising batch.</param>
    /// <param name="ceilingsOf">By what a measured step and the one asked for are compared.</param>
    /// <param name="limit">Whose ceilings those are, in words.</param>
    /// <param name="plans">Where plans are kept.</param>
    /// <exception cref="InputException">The step does not fit the model.</exception>
    public ExtrapolatedSteps(
        StepTarget target,
        IReadOnlyList<MeasuredStep> family,
        Func<MeasuredStep, (RooflineCeilings Here, RooflineCeilings There)> ceilingsOf,
        string limit,
        PlanCache plans
    )
    {
        _target = target;
        _plans = plans;
        _limit = limit;
        _knots = new Knot[family.Count];
        double longest = 0;
        for (int i = 0; i < family.Count; i++)
        {
            MeasuredStep step = family[i];
            (RooflineCeilings here, RooflineCeilings there) = ceilingsOf(step);
            double ratio = Limit(step.Target.Batch, there) / LimitOf(plans.Of(step.Target), here);
            longest = Math.Max(longest, step.Seconds * ratio);
            _knots[i] = new Knot(step, longest, there);
        }
    }

    private sealed record Knot(MeasuredStep From, double Seconds, RooflineCeilings There)
    {
        public int Batch => From.Target.Batch;
    }

    /// <summary>The largest batch of which the time is known: of any where the arithmetic ceiling is, and null, else the largest measured.</summary>
    public int? LargestBatch =>
        Array.TrueForAll(_knots, knot => knot.There.FlopsPerSecond is not null) ? null : _knots[^1].Batch;

    /// <summary>The time of a step in which each sequence runs one token, in seconds, and how it was found.</summary>
    /// <param name="batch">Sequences decoded together, at most <see cref="LargestBatch"/>.</param>
    public (double Seconds, string How) At(int batch)
    {
        int above = Array.FindIndex(_knots, knot => knot.Batch >= batch);
        if (above < 0)
        {
            return Scaled(_knots[^1], batch);
        }

        return above == 0 || _knots[above].Batch == batch
            ? Scaled(_knots[above], batch)
            : Between(_knots[above - 1], _knots[above], batch);
    }

    /// <summary>
    /// The time of a step in which each sequence runs several tokens at once, in seconds, and how it was found: that of as many sequences
    /// as tokens, less what reading each cache once saves by the roofline, and no shorter than one token each.
    /// </summary>
    /// <param name="batch">Sequences decoded together; with all their tokens at most <see cref="LargestBatch"/>.</param>
    /// <param name="tokensEach">Tokens of each sequence.</param>
    public (double Seconds, string How) At(int batch, int tokensEach)
    {
        (double seconds, string how) = At(batch * tokensEach);
        if (tokensEach == 1)
        {
            return (seconds, how);
        }

        DecodeStepPlan one = Plan(batch);
        DecodeStepPlan all = Plan(batch * tokensEach);
        RooflineCeilings there = (Array.Find(_knots, knot => knot.Batch >= batch * tokensEach) ?? _knots[^1]).There;
        double caches = StepRoofline.Seconds(one, all, there) / LimitOf(all, there);
        return (
            Math.Max(seconds * caches, At(batch).Seconds),
            $"as {batch * tokensEach} sequences: {how}; times {caches:0.####}, as each of {batch} caches is read once"
        );
    }

    private (double Seconds, string How) Scaled(Knot from, int batch)
    {
        double seconds = from.Seconds * Limit(batch, from.There) / Limit(from.Batch, from.There);
        double ratio = seconds / from.From.Seconds;
        return (
            seconds,
            $"the step measured with {from.From.Words} times {ratio:0.####}, the ratio of the two steps' limits by {_limit}; no step is shorter than one of fewer sequences"
        );
    }

    private (double Seconds, string How) Between(Knot low, Knot high, int batch)
    {
        double bySequences = (double)(batch - low.Batch) / (high.Batch - low.Batch);
        double start = Limit(low.Batch, low.There);
        double whole = Limit(high.Batch, low.There) - start;
        double byLimit = whole > 0 ? (Limit(batch, low.There) - start) / whole : 0;
        double way = Math.Clamp(Math.Max(bySequences, byLimit), 0, 1);
        string carried =
            low.From.Target with { Batch = batch } == _target with { Batch = batch }
                ? ""
                : $", each times the ratio of the two steps' limits by {_limit}";
        return (
            low.Seconds + (way * (high.Seconds - low.Seconds)),
            $"{way * 100:0.#} % of the way from the step measured with {low.From.Words} to that of batch {high.Batch}{carried}"
        );
    }

    private double Limit(int batch, RooflineCeilings ceilings) => LimitOf(Plan(batch), ceilings);

    private static double LimitOf(DecodeStepPlan plan, RooflineCeilings ceilings) =>
        StepRoofline.Seconds(plan, plan, ceilings);

    private DecodeStepPlan Plan(int batch) => _plans.Of(_target with { Batch = batch });
}
