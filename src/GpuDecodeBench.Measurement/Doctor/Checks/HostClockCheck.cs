namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Whether the wall clock jumps against the monotonic one while the doctor works.</summary>
internal sealed class HostClockCheck() : DoctorCheck("host-clock", "the host's clock does not jump", DoctorTargets.All)
{
    private const double Shortest = 1;
    private const double Warning = 0.1;
    private const double Bad = 2;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.Clock is not { ElapsedSeconds: >= Shortest } clock)
        {
            return Skip("tooFewSamples", "too little time passed to tell");
        }

        double jump = Math.Abs(clock.LargestJumpSeconds);
        string words = DoctorText.Text(
            $"{clock.LargestJumpSeconds * 1e3:+0.#;-0.#;0} ms at most between two readings, over {clock.ElapsedSeconds:0} s"
        );
        const string Expected = "under 100 ms";
        const string Source = "wall clock against monotonic clock";
        const string Advice =
            "The machine was paused or moved, or its time is being set: time stamps and long measurements cannot be trusted until it is at rest.";
        return jump > Bad ? Fail(words, Expected, Source, Advice)
            : jump > Warning ? Warn(words, Expected, Source, Advice)
            : Pass(words, Expected, Source);
    }
}
