namespace Homelab.Lab.OpnSense;

/// <summary>What goes wrong when a service is restarted. The answer is <c>ok</c> all the same, as it is of the real one.</summary>
public enum OpnSenseFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Nothing is done.</summary>
    Ignored,

    /// <summary>It ends, and does not come up again.</summary>
    StaysDown,

    /// <summary>It comes up, and is another process whenever it is looked at.</summary>
    CrashLoop,

    /// <summary>It is done, and the connection ends before the answer.</summary>
    AnswerLost,

    /// <summary>Nothing is done, and the connection ends.</summary>
    CutOff,
}
