// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
import "./Base.sol";
//      ^ import
import {Ownable, Guard as G} from "./Ownable.sol";
//      ^ reference.identifier
//               ^ reference.identifier
//                                 ^ import Ownable
//                                 ^ import Guard
import * as Lib from "./Lib.sol";
//          ^ reference.identifier
//                    ^ import

uint constant LIMIT = 10;
//            ^ definition.constant
struct Point { uint x; uint y; }
//     ^ definition.struct
//                  ^ definition.field Point
//                          ^ definition.field Point
enum Color { Red, Green }
//   ^ definition.enumeration
//           ^ definition.variant Color
//                ^ definition.variant Color
error Failed(uint code);
//    ^ definition.struct
type Price is uint256;
//   ^ definition.type
function free(uint a) pure returns (uint) { return a; }
//       ^ definition.function

/// @title A token.
contract Token is Base, Ownable(msg.sender) {
//       ^ definition.class
//       ^ doc @title A token.
//                ^ reference.class Token
//                      ^ reference.class Token
//                              ^ reference.identifier Token
    using SafeMath for uint256;
//        ^ reference.module Token
    uint256 public total;
//                 ^ definition.field Token
    mapping(address => uint) balances;
//                           ^ definition.field Token
    event Transfer(address indexed from, uint value);
//        ^ definition.struct Token
    modifier onlyOwner() { require(msg.sender == owner); _; }
//           ^ definition.method Token
//                         ^ reference.call Token.onlyOwner
//                                 ^ reference.identifier Token.onlyOwner
    constructor(uint supply) { total = supply; }
//  ^ definition.constructor Token

    /// Moves.
    function transfer(address to, uint value) external onlyOwner returns (bool) {
//           ^ definition.method Token
//           ^ doc Moves.
//                                                     ^ reference.call Token.transfer
        uint local = value;
        Point memory p = Point(1, 2);
//      ^ reference.type Token.transfer
//                       ^ reference.call Token.transfer
        emit Transfer(to, value);
//           ^ reference.class Token.transfer
        if (local == 0) revert Failed(1);
//                             ^ reference.class Token.transfer
        Lib.log(free(value));
//      ^ reference.identifier Token.transfer
//          ^ reference.call Token.transfer
//              ^ reference.call Token.transfer
        new Vault(to);
//          ^ reference.class Token.transfer
        return true;
    }
    receive() external payable {}
    fallback() external {}
}
interface IToken { function total() external view returns (uint); }
//        ^ definition.interface
//                          ^ definition.method IToken
library MathLib { function add(uint a, uint b) internal pure returns (uint) { return a + b; } }
//      ^ definition.module
//                         ^ definition.method MathLib
