using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Verification;

/// <summary>
/// Checks what is timed. <see cref="StepChecker"/> sees a traced step, in which each launch waits for all before it; a timed one may
/// overlap its launches, replays a recording of them, and leaves out what only the trace needs. So after the traced step has been
/// held against the reference, the step is run as it is timed, all that it writes poisoned first, and must leave the same bits.
/// </summary>
public static class TimedStepChecker
{
    /// <summary>The name of the comparison among a step's checks.</summary>
    public const string Name = "as timed";

    /// <summary>Timed steps that are compared: the first may meet what only a first one meets.</summary>
    public const int Steps = 2;

    /// <summary>Checks a session's step against the reference, and then the timed step against the traced one.</summary>
    /// <param name="session">The session.</param>
    /// <param name="selection">How much of each output is compared with the reference; of the results everything is.</param>
    /// <returns>The operations' checks, and one of this name behind them.</returns>
    public static StepCheckResult Check(IDecodeSession session, CheckSelection selection)
    {
        ArgumentNullException.ThrowIfNull(session);
        var traced = new StepResults();
        StepCheckResult result = StepChecker.Check(session, selection, traced);
        return new StepCheckResult([.. result.Operations, Compare(session, traced)]);
    }

    /// <summary>Runs a session's step as it is timed, and compares its results with those of a traced one.</summary>
    /// <param name="session">The session.</param>
    /// <param name="traced">What its traced step left.</param>
    public static OperationCheck Compare(IDecodeSession session, StepResults traced)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(traced);
        string? failure = null;
        int steps = 0;
        while (steps < Steps && failure is null)
        {
            steps++;
            StepResults timed = ResultsOfTimedStep(session);
            if (traced.FirstDifference(timed, session.Plan.Conditions.Batch) is string difference)
            {
                failure =
                    $"timed step {steps} of {Steps} does not repeat the traced one: {difference}; suspect a launch that reads what an earlier one has not finished writing, which only the traced step waits for, or one that the timed step lacks";
            }
        }

        return new OperationCheck(
            Name,
            OperationKind.Argmax,
            steps,
            steps * traced.Elements,
            failure is null ? 0 : double.PositiveInfinity,
            0,
            failure
        );
    }

    /// <summary>Runs a session's step as it is timed, all that it writes poisoned first.</summary>
    /// <returns>What it left.</returns>
    internal static StepResults ResultsOfTimedStep(IDecodeSession session)
    {
        session.PoisonStep();
        session.RunStep();
        var results = new StepResults();
        session.ShowResults(results);
        return results;
    }
}
