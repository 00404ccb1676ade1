using System.Globalization;
using System.Text;
using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Scenarios;

/// <summary>A scenario with every key, each value as it would be assumed, to be changed by a user.</summary>
public static class ScenarioTemplate
{
    /// <summary>The text, in YAML; values are commented out, so that what is not changed stays an assumption.</summary>
    /// <param name="device">The device's name in the hardware catalogue; null where it is not known.</param>
    public static string Write(string? device)
    {
        var text = new StringBuilder();
        text.AppendLine(
            "# A scenario for gpu-decode-bench cost --scenario FILE: YAML or JSON. Everything may be left out; what is"
        );
        text.AppendLine(
            "# left out is assumed, with its source in the report. Take the # away in front of what you know better."
        );
        text.AppendLine("name: my scenario");
        text.AppendLine("ownership: rented      # rented: everything of the provider is in the price; or owned");
        text.AppendLine(
            "facility: pue          # pue: one figure; or built-up from f_cooling, f_distribution and f_hvac"
        );
        text.AppendLine("cooling: liquid        # liquid or air");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"# region: virginia     # whose electricity price holds: {string.Join(", ", AssumptionCatalogue.Regions)}"
        );
        text.AppendLine("# A value is a number, or {low: …, likely: …, high: …, source: …} where it is uncertain.");
        text.AppendLine("values:");
        string[] holdsFor = ScenarioReader.HoldsFor(device, null, Cooling.Liquid, Ownership.Rented);
        foreach (ModelInput input in AssumptionCatalogue.Inputs(holdsFor))
        {
            string value = input.Value is double likely
                ? input.IsUncertain
                    ? $"{{low: {Number(input.Low!.Value)}, likely: {Number(likely)}, high: {Number(input.High!.Value)}}}"
                    : Number(likely)
                : "?";
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"#  {input.Symbol}: {value}   # {input.Name}, in {input.Unit}; {input.Provenance.Source ?? input.Provenance.Detail}"
            );
        }

        return text.ToString();
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
