using System.Globalization;
using System.Text.RegularExpressions;
using GpuDecodeBench.Reporting.Charts;
using GpuDecodeBench.Reporting.Html;

namespace GpuDecodeBench.Reporting.Tests.Charts;

/// <summary>The colours of series as the style sheet gives them, on light and on dark ground.</summary>
public sealed partial class PaletteTests
{
    /// <summary>
    /// What the eyes of protanopes, deuteranopes and tritanopes make of linear RGB: Machado, Oliveira, Fernandes, IEEE TVCG 15(6), 2009,
    /// severity 1.0.
    /// </summary>
    private static readonly double[][] s_blindness =
    [
        [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
        [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
        [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryColourStandsOutFromItsGround(bool dark)
    {
        double ground = Luminance(Colour("ground", dark));
        foreach (int i in Enumerable.Range(0, ChartPalette.Count))
        {
            double own = Luminance(Colour($"s{i}", dark));
            double ratio = (Math.Max(own, ground) + 0.05) / (Math.Min(own, ground) + 0.05);
            Assert.True(ratio >= 3, $"s{i}: {ratio:0.00}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NoTwoColoursLookAlikeToTheColourBlind(bool dark)
    {
        // A difference of 2.3 in CIELAB is just seen (Mahy, Van Eycken, Oosterlinck, 1994); four times that is seen at a glance.
        double[][] colours = [.. Enumerable.Range(0, ChartPalette.Count).Select(i => Colour($"s{i}", dark))];
        foreach (double[] eyes in s_blindness)
        {
            double[][] seen = [.. colours.Select(colour => Lab(Seen(eyes, colour)))];
            for (int i = 0; i < seen.Length; i++)
            {
                for (int k = 0; k < i; k++)
                {
                    double distance = Math.Sqrt(seen[i].Zip(seen[k], (a, b) => (a - b) * (a - b)).Sum());
                    Assert.True(distance >= 10, $"s{k} and s{i} are {distance:0.0} apart");
                }
            }
        }
    }

    [Fact]
    public void EveryColourIsGivenOnceForBothGrounds()
    {
        string[] names = [.. Definition().Matches(ReportAssets.Style).Select(match => match.Groups["name"].Value)];
        string[] used = [.. Use().Matches(ReportAssets.Style).Select(match => match.Groups["name"].Value)];

        Assert.Equal(names.Distinct(), names);
        Assert.Equal(names.Length, Pair().Count(ReportAssets.Style));
        Assert.Empty(used.Except(names));
    }

    [Fact]
    public void EveryFormatHasAColourAndAShapeOfItsOwn()
    {
        int[] colours =
        [
            .. new[] { "fp16", "bf16", "fp8", "int8", "int4", "mxfp4", "nvfp4", "other" }.Select(ChartPalette.OfFormat),
        ];

        Assert.Equal(8, colours.Distinct().Count());
        Assert.Equal(8, colours.Select(ChartPalette.ShapeOf).Distinct().Count());
    }

    /// <summary>A colour as linear red, green and blue.</summary>
    private static double[] Colour(string name, bool dark)
    {
        Match pair = Pair().Matches(ReportAssets.Style).Single(match => match.Groups["name"].Value == name);
        string hex = pair.Groups[dark ? "dark" : "light"].Value;
        return
        [
            .. Enumerable
                .Range(0, 3)
                .Select(i =>
                    int.Parse(hex.AsSpan(2 * i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0
                )
                .Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4)),
        ];
    }

    private static double Luminance(double[] colour) =>
        (0.2126 * colour[0]) + (0.7152 * colour[1]) + (0.0722 * colour[2]);

    private static double[] Seen(double[] eyes, double[] colour) =>
        [
            .. Enumerable
                .Range(0, 3)
                .Select(row => Math.Clamp(Enumerable.Range(0, 3).Sum(i => eyes[(3 * row) + i] * colour[i]), 0, 1)),
        ];

    /// <summary>Linear sRGB in CIELAB under D65.</summary>
    private static double[] Lab(double[] colour)
    {
        double x = Cube(((0.4124 * colour[0]) + (0.3576 * colour[1]) + (0.1805 * colour[2])) / 0.9505);
        double y = Cube(Luminance(colour));
        double z = Cube(((0.0193 * colour[0]) + (0.1192 * colour[1]) + (0.9505 * colour[2])) / 1.089);
        return [(116 * y) - 16, 500 * (x - y), 200 * (y - z)];
    }

    private static double Cube(double t) => t > 0.008856 ? Math.Cbrt(t) : (7.787 * t) + (16.0 / 116);

    [GeneratedRegex(@"--(?<name>[a-z0-9-]+):", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Definition();

    [GeneratedRegex(@"var\(--(?<name>[a-z0-9-]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Use();

    [GeneratedRegex(
        @"--(?<name>[a-z0-9-]+): light-dark\(#(?<light>[0-9a-f]{6}), #(?<dark>[0-9a-f]{6})\);",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Pair();
}
