using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>The measured read ceiling against the datasheet and against memory clock × bus width.</summary>
internal sealed class ReadBandwidthCheck()
    : DoctorCheck(
        "bandwidth-read",
        "memory is as fast as this class of device",
        DoctorTargets.Gpu,
        DoctorProbes.Ceilings,
        restsOnTime: true
    )
{
    /// <summary>Reading alone reaches 85 to 94 % of a datasheet on healthy cards; inline ECC costs some of it.</summary>
    private const double Good = 0.80;

    /// <summary>Below, it is another class of card: an A100 gives 55 % of an H100's bandwidth.</summary>
    private const double Bad = 0.60;

    /// <summary>No memory is read faster than its bus allows; the rest is for datasheets that were rounded down (H200: 4.8 for 4.92).</summary>
    private const double Impossible = 1.08;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.Ceilings?.ReadBytesPerSecond is not double measured)
        {
            return Skip("notMeasured", "the device has no read ceiling");
        }

        string words = DoctorText.Rate(measured);
        if (facts.Device.IsMigInstance == true)
        {
            return Skip("migInstance", "a part of a GPU has a part of its bandwidth", words);
        }

        double? clocked = facts.Device is { MemoryClockHz: double clock, MemoryBusBits: int bits }
            ? ClockInfo.BandwidthOf(clock, bits)
            : null;
        if (facts.Catalogue is not { MemoryBytesPerSecond.Count: > 0 } entry)
        {
            return clocked is double own
                ? Judge(
                    measured,
                    own,
                    own,
                    "the driver's clock × bus width (no datasheet of this name is known)",
                    Good,
                    0
                )
                : Skip("noSpecification", "neither a datasheet nor clock and bus width are known", words);
        }

        double lowest = entry.MemoryBytesPerSecond.Min(value => value.Value);
        double highest = Math.Max(entry.MemoryBytesPerSecond.Max(value => value.Value), clocked ?? 0);
        string beside = clocked is double known
            ? $"; the driver's clock × bus width gives {DoctorText.Rate(known)}"
            : "";
        return Judge(measured, lowest, highest, $"datasheet of {entry.Name}{beside}", Good, Bad);
    }

    private CheckResult Judge(double measured, double lowest, double highest, string source, double good, double bad)
    {
        double share = measured / lowest;
        string words = $"{DoctorText.Rate(measured)}, {DoctorText.Percent(share)} of {DoctorText.Rate(lowest)}";
        string expected = $"{DoctorText.Percent(good)} or more of {DoctorText.Rate(lowest)}";
        if (measured > highest * Impossible)
        {
            return Fail(
                words,
                $"at most {DoctorText.Rate(highest * Impossible)}",
                source,
                "Faster than such memory can be: the name or the clocks that the driver tells are not this card's."
            );
        }

        if (share >= good)
        {
            return Pass(words, expected, source);
        }

        return share < bad
            ? Fail(
                words,
                expected,
                source,
                "This is the bandwidth of another class of card, or of one that others use at the same time or that is throttled: see contention, throttling and clocks-application. If none of them explains it, do not pay for this name."
            )
            : Warn(
                words,
                expected,
                source,
                "Something takes a part of the bandwidth: see contention, throttling, clocks-application and ecc."
            );
    }
}
