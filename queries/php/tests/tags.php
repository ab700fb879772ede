<?php
namespace Shop\Orders;
//        ^ definition.module

use Shop\Store\Base;
//  ^ import Base
//             ^ reference.identifier
use Shop\{Priced, Support\Text as Words};
//  ^ import Priced
//  ^ import Text
//        ^ reference.identifier
//                        ^ reference.identifier
use Countable;
//  ^ import
use function Shop\round_up;
//           ^ import round_up

require_once __DIR__ . '/helpers.php';
//                      ^ import
include('views/head.php');
//       ^ import
require "config.php";
//       ^ import
include_once "$root/footer.php";
//                 ^ import

const LIMIT = 10, MINIMUM = 1;
//    ^ definition.constant
//                ^ definition.constant
define('SHOP_DEBUG', false);
//      ^ definition.constant
define("SHOP_NAME", 'Shop');
//      ^ definition.constant
$registry = new Registry();
#^ definition.variable
//              ^ reference.class

/** What an order can be asked for. */
interface Payable extends \Shop\Thing
//        ^ definition.interface
//                              ^ reference.class Payable
{
    public function pay(Money $amount): ?Receipt;
//                  ^ definition.method Payable
//                      ^ reference.type Payable.pay
//                                       ^ reference.type Payable.pay
}

trait Logs { protected $log = []; }
//    ^ definition.trait
//                      ^ definition.property Logs

enum State: string implements Payable
//   ^ definition.enumeration
//                            ^ reference.implementation State
{
    case Open = 'open';
//       ^ definition.variant State
    const FIRST = self::Open;
//        ^ definition.constant State
//                      ^ reference.identifier State.FIRST
}

#[Entity(State::class)]
# ^ reference.class Order
//       ^ reference.class Order
final class Order extends Base implements Payable, \Countable
//          ^ definition.class
//                        ^ reference.class Order
//                                        ^ reference.implementation Order
//                                                  ^ reference.implementation Order
{
    use Logs, \Shop\Events;
//      ^ reference.implementation Order
//                  ^ reference.implementation Order
    public static int $count = 0;
//                     ^ definition.property Order
    private $lines = [], $note;
//           ^ definition.property Order
//                        ^ definition.property Order

    public function __construct(private readonly Money|int $total)
//                  ^ definition.constructor Order
//                                               ^ reference.type Order.__construct.total
//                                                          ^ definition.property Order.__construct
    {
        self::$count = max(LIMIT, parent::load()->size);
//             ^ reference.identifier Order.__construct
//                     ^ reference.call Order.__construct
//                         ^ reference.identifier Order.__construct
//                                        ^ reference.call Order.__construct
//                                                ^ reference.identifier Order.__construct
    }

    public function pay(Money $amount): ?Receipt
//                  ^ definition.method Order
    {
        global $registry;
//              ^ reference.identifier Order.pay
        $this?->lines->add(...[\Shop\EXTRA, $amount?->value()]);
//              ^ reference.identifier Order.pay
//                     ^ reference.call Order.pay
//                                   ^ reference.identifier Order.pay
//                                                    ^ reference.call Order.pay
        if ($amount instanceof Money && Registry::has(State::Open)) {
//                             ^ reference.class Order.pay
//                                      ^ reference.class Order.pay
//                                                ^ reference.call Order.pay
//                                                    ^ reference.class Order.pay
//                                                           ^ reference.identifier Order.pay
            $scale = MINIMUM;
//                   ^ reference.identifier Order.pay
            return SHOP_DEBUG . \Shop\name(Settings::$current) . LIMIT;
//                 ^ reference.identifier Order.pay
//                                    ^ reference.call Order.pay
//                                         ^ reference.class Order.pay
//                                                    ^ reference.identifier Order.pay
//                                                               ^ reference.identifier Order.pay
        }
    }
}

function total(Order ...$orders): int { return LIMIT; }
//       ^ definition.function
//             ^ reference.type total
//                                             ^ reference.identifier total
