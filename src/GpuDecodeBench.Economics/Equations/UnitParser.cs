using System.Collections.Concurrent;

namespace GpuDecodeBench.Economics.Equations;

/// <summary>
/// Reads units. A unit is a product and quotient of named ones, read from left to right: <c>$/GPU/h</c>, <c>pJ/bit</c>,
/// <c>TFLOP/s</c>, <c>W/GPU</c>, <c>$/kWh</c>, <c>B/tok</c>, <c>tok/d</c>, <c>B·s</c>. Names: <c>1 % $ s min h d yr J Wh W B bit tok
/// FLOP GPU Hz</c>; those that take them with a decimal prefix (<c>f p n µ m k M G T P</c>), bytes also with a binary one
/// (<c>Ki Mi Gi Ti</c>). A year has 365 days.
/// </summary>
internal static class UnitParser
{
    private const double Hour = 3600;
    private const double Day = 24 * Hour;

    private static readonly Dictionary<string, Unit> Plain = new(StringComparer.Ordinal)
    {
        ["1"] = Unit.One,
        ["%"] = new("%", Dimension.None, 0.01),
        ["$"] = new("$", new Dimension(Dollars: 1), 1),
        ["s"] = new("s", new Dimension(Seconds: 1), 1),
        ["min"] = new("min", new Dimension(Seconds: 1), 60),
        ["h"] = new("h", new Dimension(Seconds: 1), Hour),
        ["d"] = new("d", new Dimension(Seconds: 1), Day),
        ["yr"] = new("yr", new Dimension(Seconds: 1), 365 * Day),
        ["J"] = new("J", new Dimension(Joules: 1), 1),
        ["Wh"] = new("Wh", new Dimension(Joules: 1), Hour),
        ["W"] = new("W", new Dimension(Seconds: -1, Joules: 1), 1),
        ["B"] = new("B", new Dimension(Bytes: 1), 1),
        ["bit"] = new("bit", new Dimension(Bytes: 1), 0.125),
        ["tok"] = new("tok", new Dimension(Tokens: 1), 1),
        ["FLOP"] = new("FLOP", new Dimension(Flops: 1), 1),
        ["GPU"] = new("GPU", new Dimension(Devices: 1), 1),
        ["Hz"] = new("Hz", new Dimension(Seconds: -1), 1),
    };

    private static readonly string[] Prefixable = ["s", "J", "Wh", "W", "B", "bit", "tok", "FLOP", "Hz", "$"];

    private static readonly Dictionary<string, double> Prefixes = new(StringComparer.Ordinal)
    {
        ["f"] = 1e-15,
        ["p"] = 1e-12,
        ["n"] = 1e-9,
        ["µ"] = 1e-6,
        ["m"] = 1e-3,
        ["k"] = 1e3,
        ["M"] = 1e6,
        ["G"] = 1e9,
        ["T"] = 1e12,
        ["P"] = 1e15,
    };

    private static readonly Dictionary<string, double> BinaryPrefixes = new(StringComparer.Ordinal)
    {
        ["Ki"] = 1024.0,
        ["Mi"] = 1024.0 * 1024,
        ["Gi"] = 1024.0 * 1024 * 1024,
        ["Ti"] = 1024.0 * 1024 * 1024 * 1024,
    };

    /// <summary>Units already read: every system of equations names the same few, and many systems are made.</summary>
    private static readonly ConcurrentDictionary<string, Unit> Known = new(StringComparer.Ordinal);

    public static Unit Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return Known.GetOrAdd(text, Read);
    }

    private static Unit Read(string text)
    {
        Dimension dimension = Dimension.None;
        double scale = 1;
        int start = 0;
        bool divides = false;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] is not ('/' or '·'))
            {
                continue;
            }

            Unit factor = Named(text[start..i], text);
            dimension = divides ? dimension / factor.Dimension : dimension * factor.Dimension;
            scale = divides ? scale / factor.Scale : scale * factor.Scale;
            divides = i < text.Length && text[i] == '/';
            start = i + 1;
        }

        return new Unit(text, dimension, scale);
    }

    private static Unit Named(string name, string text)
    {
        if (Plain.TryGetValue(name, out Unit? unit))
        {
            return unit;
        }

        foreach (string known in Prefixable.Where(known => name.EndsWith(known, StringComparison.Ordinal)))
        {
            string prefix = name[..^known.Length];
            bool isData = known is "B" or "bit";
            if (
                Prefixes.TryGetValue(prefix, out double scale)
                || (isData && BinaryPrefixes.TryGetValue(prefix, out scale))
            )
            {
                return new Unit(name, Plain[known].Dimension, scale * Plain[known].Scale);
            }
        }

        throw new FormatException(
            $"'{name}' in the unit '{text}' is not known; known are {string.Join(' ', Plain.Keys)}, with prefixes f to P."
        );
    }
}
