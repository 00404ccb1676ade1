using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Links to other devices: none down, none slower than the rest.</summary>
internal sealed class LinksCheck() : DoctorCheck("links", "its links to other GPUs are up and fast", DoctorTargets.Gpu)
{
    private const double Slower = 0.95;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.State is null)
        {
            return SkipTelemetry(facts);
        }

        if (!facts.State.Links.TryGet(out IReadOnlyList<LinkState>? links))
        {
            return Skip(facts.State.Links);
        }

        LinkState[] up = [.. links.Where(link => link.IsActive.OrElse(false))];
        LinkState[] down = [.. links.Where(link => link.IsActive.TryGet(out bool active) && !active)];
        if (up.Length == 0)
        {
            return Skip("noLinks", "no link is up: the device stands alone, or has none");
        }

        double fastest = up.Max(link => link.BytesPerSecond.OrElse(0));
        LinkState[] slow =
        [
            .. up.Where(link => link.BytesPerSecond.TryGet(out double rate) && rate < Slower * fastest),
        ];
        string words =
            $"{up.Length} of {links.Count} up{(fastest > 0 ? $" at {DoctorText.Rate(fastest)}" : "")}"
            + (down.Length > 0 ? $", down: {Numbers(down)}" : "")
            + (slow.Length > 0 ? $", slower: {Numbers(slow)}" : "");
        const string Expected = "all up, all at one speed";
        const string Source = "the driver's state of each link";
        return down.Length > 0 || slow.Length > 0
            ? Warn(
                words,
                Expected,
                Source,
                "Work that is spread over GPUs is slower in proportion. Restart the machine or its fabric manager; if it stays so, return it."
            )
            : Pass(words, Expected, Source);
    }

    private static string Numbers(LinkState[] links) => string.Join(", ", links.Select(link => link.Index));
}
