namespace Homelab.SystemTests.Kill;

/// <summary>A moment of a run at which the host is killed. The first ones lie in the host's own writes, the last ones at the systems it talks to.</summary>
public enum KillPoint
{
    None,
    BeforeAlert,
    AfterAlert,
    BeforeClaim,
    AfterClaim,
    BeforeRun,
    AfterRun,
    BeforeIntent,
    AfterIntent,
    BeforeOutcome,
    AfterOutcome,
    BeforeSteps,
    AfterSteps,
    BeforeClosed,
    AfterClosed,
    BeforeNoticeMarked,
    AfterNoticeMarked,

    /// <summary>The engine has the request and has done nothing.</summary>
    EngineBeforeEffect,

    /// <summary>The engine has restarted the container and has not answered.</summary>
    EngineAfterEffect,

    /// <summary>The message has reached the chat, and the answer has not come back.</summary>
    MessageDelivered,
}
