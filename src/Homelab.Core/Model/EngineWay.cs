namespace Homelab;

/// <summary>By which way a Docker Engine was asked.</summary>
public enum EngineWay
{
    /// <summary>By its API, as the host's <c>docker:</c> says.</summary>
    Api,

    /// <summary>By the <c>docker</c> program on its host, over SSH, because the API did not answer.</summary>
    Ssh,
}
