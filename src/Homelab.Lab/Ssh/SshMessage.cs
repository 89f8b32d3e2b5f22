namespace Homelab.Lab.Ssh;

/// <summary>The messages of SSH that are spoken here, by the numbers of RFC 4250.</summary>
internal enum SshMessage : byte
{
    Disconnect = 1,
    Ignore = 2,
    Unimplemented = 3,
    Debug = 4,
    ServiceRequest = 5,
    ServiceAccept = 6,
    KeyExchangeBegin = 20,
    NewKeys = 21,
    EcdhBegin = 30,
    EcdhReply = 31,
    LoginRequest = 50,
    LoginFailure = 51,
    LoginSuccess = 52,
    LoginKeyWelcome = 60,
    GlobalRequest = 80,
    GlobalFailure = 82,
    ChannelOpen = 90,
    ChannelOpened = 91,
    ChannelRefused = 92,
    WindowAdjust = 93,
    Data = 94,
    ExtendedData = 95,
    EndOfData = 96,
    ChannelClose = 97,
    ChannelRequest = 98,
    ChannelSuccess = 99,
    ChannelFailure = 100,
}
