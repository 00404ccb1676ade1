namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>What an examination found.</summary>
/// <param name="Facts">What was read and measured.</param>
/// <param name="Results">What each check said.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="WasInterrupted">Whether it was ended early.</param>
public sealed record DoctorReport(
    DoctorFacts Facts,
    IReadOnlyList<CheckResult> Results,
    double Seconds,
    bool WasInterrupted
)
{
    /// <summary>The worst of all verdicts; <see cref="Verdict.Skip"/> where nothing could be checked.</summary>
    public Verdict Worst => Results.Count == 0 ? Verdict.Skip : Results.Max(result => Ranked(result.Verdict)).Verdict;

    /// <summary>The verdict in words: one line.</summary>
    public string Words
    {
        get
        {
            int Count(Verdict verdict) => Results.Count(result => result.Verdict == verdict);
            string Names(Verdict verdict) =>
                string.Join(", ", Results.Where(result => result.Verdict == verdict).Select(result => result.Id));
            string verdict = Worst switch
            {
                Verdict.Fail =>
                    $"FAIL: {Names(Verdict.Fail)}; do not trust or pay for this device before that is explained",
                Verdict.Warn => $"WARN: usable, with reservations: {Names(Verdict.Warn)}",
                Verdict.Pass when Count(Verdict.Skip) > 0 => "PASS: nothing wrong in what could be checked",
                Verdict.Pass => "PASS: nothing found wrong",
                _ => "SKIP: nothing that was asked for could be checked",
            };
            string skipped = Count(Verdict.Skip) switch
            {
                0 => "",
                1 => ", 1 could not be made",
                int many => $", {many} could not be made",
            };
            string early = WasInterrupted ? " (interrupted)" : "";
            return $"{verdict}. {Count(Verdict.Pass)} of {Results.Count} checks passed{skipped}{early}.";
        }
    }

    /// <summary>Verdicts in the order of what they mean for the whole: a check that was skipped says less than one that passed.</summary>
    private static (int Rank, Verdict Verdict) Ranked(Verdict verdict) =>
        (
            verdict switch
            {
                Verdict.Skip => 0,
                Verdict.Pass => 1,
                Verdict.Warn => 2,
                _ => 3,
            },
            verdict
        );
}
