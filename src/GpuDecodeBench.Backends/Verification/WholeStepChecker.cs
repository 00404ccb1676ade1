using GpuDecodeBench.Backends.Reference;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Verification;

/// <summary>
/// Holds the end of a session's step against a reference step that was computed from end to end on its own values: what
/// <see cref="StepChecker"/> proves operation by operation, proven once more through all of them.
/// </summary>
public static class WholeStepChecker
{
    /// <summary>
    /// The largest relative error of the logits that passes. The operations' errors add up along the layers, and a quantised
    /// cache may round a value that lies between two codes to the other one; wrong wiring gives an error near one.
    /// </summary>
    /// <param name="activations">The format of activations: each rounding to sixteen bits adds its own error.</param>
    public static double LargestRelativeError(ActivationFormat activations) =>
        activations switch
        {
            ActivationFormat.Fp16 => 3e-2,
            ActivationFormat.Bf16 => 1e-1,
            _ => 1e-2,
        };

    /// <summary>Runs a session's step as it is timed and the reference's, and compares the logits.</summary>
    /// <returns>One entry, <c>whole step</c>: the Euclidean norm of the difference over that of the reference, the worst sequence's.</returns>
    public static OperationCheck Check(IDecodeSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        double bound = LargestRelativeError(session.Plan.Conditions.Formats.Activations);
        float[] actual = [.. TimedStepChecker.ResultsOfTimedStep(session).Logits];
        float[] expected;
        using (var reference = new ReferenceSession(session.Plan, session.Seed, session.Inputs))
        {
            expected = [.. TimedStepChecker.ResultsOfTimedStep(reference).Logits];
        }

        double worst = 0;
        int batch = session.Plan.Conditions.Batch;
        int length = expected.Length / batch;
        string? failure = actual.Length == expected.Length ? null : "the step showed no logits";
        for (int sequence = 0; sequence < batch && failure is null; sequence++)
        {
            double error = RelativeError(
                actual.AsSpan(sequence * length, length),
                expected.AsSpan(sequence * length, length)
            );
            worst = Math.Max(worst, error);
            if (!(error <= bound))
            {
                failure = $"the logits of sequence {sequence} differ from the reference's by {error:g3} of their norm";
            }
        }

        return new OperationCheck(
            "whole step",
            OperationKind.Linear,
            1,
            expected.Length,
            failure is null || worst > 0 ? worst : double.PositiveInfinity,
            bound,
            failure
        );
    }

    private static double RelativeError(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            difference += Math.Pow(actual[i] - (double)expected[i], 2);
            norm += Math.Pow(expected[i], 2);
        }

        double error = Math.Sqrt(difference / norm);
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }
}
