namespace GpuDecodeBench.Economics.Scenarios;

/// <summary>How the facility's overhead on electricity is given.</summary>
public enum FacilityMode
{
    /// <summary>One figure: power usage effectiveness.</summary>
    OnePue,

    /// <summary>Built up from cooling, power distribution, and air handling with lighting.</summary>
    BuiltUp,
}
