namespace GpuDecodeBench.Reporting.Charts;

/// <summary>
/// Colours by what they stand for. The colours themselves are in the page's style sheet, one set on light and one on dark ground, each
/// at least 3:1 against its ground and told apart with each common kind of colour blindness; each has a shape of its own as well.
/// </summary>
public static class ChartPalette
{
    /// <summary>How many colours there are.</summary>
    public const int Count = 8;

    /// <summary>The colour of what is no series: limits and roofs.</summary>
    public const int Neutral = -1;

    private static readonly string[] s_formats = ["bf16", "int4", "fp8", "int8", "mxfp4", "fp16", "nvfp4"];

    /// <summary>The colour of a weight format, the same in every chart and every report.</summary>
    /// <param name="weights">The format's name.</param>
    public static int OfFormat(string weights)
    {
        int index = Array.IndexOf(s_formats, weights);
        return index < 0 ? Count - 1 : index;
    }

    /// <summary>The shape that goes with a colour.</summary>
    /// <param name="colour">The colour.</param>
    public static MarkShape ShapeOf(int colour) => colour < 0 ? MarkShape.Circle : (MarkShape)(colour % Count);

    /// <summary>The style class of a colour.</summary>
    /// <param name="colour">The colour.</param>
    internal static string ClassOf(int colour) => colour < 0 ? "cn" : $"c{colour % Count}";
}
