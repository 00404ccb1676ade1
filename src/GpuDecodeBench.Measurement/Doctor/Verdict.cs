namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>What a check says.</summary>
public enum Verdict
{
    /// <summary>As it should be.</summary>
    Pass,

    /// <summary>It could not be checked; the reason is told. Never a quiet pass.</summary>
    Skip,

    /// <summary>Something a user should know, which costs speed or may come to.</summary>
    Warn,

    /// <summary>The device is not what it says, not healthy, or not at full speed.</summary>
    Fail,
}
