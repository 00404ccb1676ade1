using System.Text;

namespace GpuDecodeBench.Reporting;

/// <summary>Reason and warning codes of run records in words.</summary>
public static class ReasonWords
{
    private static readonly Dictionary<string, string> s_words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bimodal"] = "the samples fall into two groups, so the median describes neither",
        ["doesnotfit"] = "it does not fit the memory",
        ["drifting"] = "the samples drift",
        ["interrupted"] = "the measurement was interrupted",
        ["invalidpoint"] = "the point is invalid",
        ["noprice"] = "no price is known",
        ["notelemetry"] = "the device offers no such sensor",
        ["notmeasured"] = "it was not measured",
        ["throttled"] = "the device lowered its clocks",
        ["timelimit"] = "the time limit came before the confidence interval was narrow enough",
        ["toofewsamples"] = "there are too few samples",
        ["verificationfailed"] = "the results differ from the reference",
        ["warmcache"] = "the working set is small enough for caches to help",
    };

    /// <summary>The words of a code; of a code that is not known, its own words set apart.</summary>
    /// <param name="code">The code, for example <c>verificationFailed</c>; text that is no code is returned as it is.</param>
    public static string Of(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        string key = code.Replace("-", "", StringComparison.Ordinal);
        if (s_words.TryGetValue(key, out string? words))
        {
            return words;
        }

        return code.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? Split(code) : code;
    }

    /// <summary>The words of several codes, joined by semicolons.</summary>
    /// <param name="codes">The codes.</param>
    public static string OfAll(IEnumerable<string> codes) => string.Join("; ", codes.Select(Of));

    /// <summary><c>clockTooLow</c> and <c>clock-too-low</c> become <c>clock too low</c>.</summary>
    private static string Split(string code)
    {
        var text = new StringBuilder(code.Length + 4);
        for (int i = 0; i < code.Length; i++)
        {
            if (code[i] == '-')
            {
                text.Append(' ');
            }
            else if (i > 0 && char.IsAsciiLetterUpper(code[i]) && char.IsAsciiLetterLower(code[i - 1]))
            {
                text.Append(' ').Append(char.ToLowerInvariant(code[i]));
            }
            else
            {
                text.Append(code[i]);
            }
        }

        return text.ToString();
    }
}
