namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>One question about a device. A check measures nothing itself: it judges what was found, and the same facts give the same verdict.</summary>
public interface IDoctorCheck
{
    /// <summary>Its name on the command line, in results and in docs/doctor.md.</summary>
    string Id { get; }

    /// <summary>What it checks, in a few words.</summary>
    string Title { get; }

    /// <summary>The devices that it is for.</summary>
    DoctorTargets Targets { get; }

    /// <summary>What must have been measured for it.</summary>
    DoctorProbes Needs { get; }

    /// <summary>Judges.</summary>
    /// <param name="facts">What was found.</param>
    CheckResult Judge(DoctorFacts facts);
}
