namespace GpuDecodeBench.Reporting.Charts;

/// <summary>The shape of a mark. Shapes tell series apart where colours cannot.</summary>
public enum MarkShape
{
    /// <summary>A circle.</summary>
    Circle,

    /// <summary>A square.</summary>
    Square,

    /// <summary>A triangle that points up.</summary>
    Triangle,

    /// <summary>A diamond.</summary>
    Diamond,

    /// <summary>A triangle that points down.</summary>
    Wedge,

    /// <summary>A plus sign.</summary>
    Plus,

    /// <summary>A pentagon.</summary>
    Pentagon,

    /// <summary>A bar that stands.</summary>
    Bar,
}
